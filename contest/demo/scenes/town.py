"""A market, a bridge at night and a works park."""

from __future__ import annotations

import math

from contest.demo.brush import Canvas, curve, mix, rgb
from contest.demo.scenes.light import DAWN, DUSK, GOLDEN, MORNING, NIGHT, NOON, paint_hills, paint_sky, paint_sun
from contest.demo.things import HOE, INK, SON, WHITE, round_tree, sampan


def market(canvas: Canvas) -> None:
    """A lychee market under striped awnings."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, DAWN, GOLDEN))
    paint_sky(canvas, light, 0.5)
    paint_sun(canvas, light, rng.uniform(0.13, 0.2), 0.06)
    paint_hills(canvas, light, 0.3, 0.38, 3, 0.05)
    for _ in range(8):
        round_tree(canvas, rng.uniform(0, canvas.wide), 0.46, rng.uniform(0.04, 0.07), mix(light.leaf, light.far, 0.35))
    canvas.fade(mix(light.low, rgb("#c79a6a"), 0.5), rgb("#b98a5e"), 0.45, 1)
    cloths = [rgb("#a8242a"), rgb("#d79a2b"), rgb("#2a5a8a"), rgb("#3f7a4a"), rgb("#c5503c")]
    rng.shuffle(cloths)
    for depth, foot, size in ((0, 0.58, 0.62), (1, 0.84, 1.0)):
        wide = 0.33 * size
        x = rng.uniform(-0.2, -0.05)
        place = rng.randrange(5)
        while x < canvas.wide:
            cloth = mix(cloths[place % 5], light.low, 0.2 * (1 - depth))
            top = foot - 0.36 * size
            for post in (0.02, wide - 0.02):
                canvas.box(x + post - 0.005 * size, top, x + post + 0.005 * size, foot + 0.1 * size, rgb("#5a3a26"))
            canvas.box(x, top + 0.09 * size, x + wide, foot, INK, 0.22)
            for stripe in range(8):
                colour = cloth if stripe % 2 else mix(WHITE, cloth, 0.06)
                left, right = x + wide * stripe / 8, x + wide * (stripe + 1) / 8
                canvas.shape(
                    [
                        (x + wide * (0.06 + 0.88 * stripe / 8), top),
                        (x + wide * (0.06 + 0.88 * (stripe + 1) / 8), top),
                        (right, top + 0.11 * size),
                        (left, top + 0.11 * size),
                    ],
                    colour,
                )
                canvas.disc((left + right) / 2, top + 0.11 * size, wide / 16, colour, tall=0.02 * size)
            px = x + wide * rng.uniform(0.3, 0.7)
            dress = rng.choice(cloths)
            canvas.shape(
                curve(
                    [
                        (px - 0.05 * size, foot),
                        (px - 0.036 * size, foot - 0.1 * size),
                        (px, foot - 0.125 * size),
                        (px + 0.036 * size, foot - 0.1 * size),
                        (px + 0.05 * size, foot),
                    ],
                    6,
                ),
                dress,
            )
            canvas.disc(px, foot - 0.142 * size, 0.022 * size, rgb("#b07a52"))
            canvas.shape(
                [
                    (px - 0.058 * size, foot - 0.145 * size),
                    (px, foot - 0.2 * size),
                    (px + 0.058 * size, foot - 0.145 * size),
                ],
                mix(HOE, WHITE, 0.25),
            )
            canvas.box(
                x + 0.01,
                foot - 0.01 * size,
                x + wide - 0.01,
                foot + 0.1 * size,
                mix(rgb("#8a5a34"), INK, 0.1 * (place % 2)),
            )
            for _ in range(90):
                fx = x + rng.uniform(0.02, wide - 0.02)
                mound = math.sin((fx - x) / wide * math.pi * 3) ** 2
                fy = foot - 0.005 * size - rng.random() * 0.055 * size * mound
                canvas.disc(fx, fy, 0.0095 * size, mix(SON, rng.choice((INK, HOE)), rng.uniform(0, 0.28)))
            for _ in range(9):
                fx = x + rng.uniform(0.03, wide - 0.03)
                canvas.disc(fx, foot - rng.uniform(0.01, 0.04) * size, 0.013 * size, light.leaf, tall=0.005 * size)
            x += wide + 0.012
            place += 1
    for place in range(7):
        x = canvas.wide * (place + rng.uniform(0.2, 0.8)) / 7
        canvas.shape([(x - 0.062, 0.93), (x + 0.062, 0.93), (x + 0.05, 1.01), (x - 0.05, 1.01)], rgb("#a8743f"))
        for _ in range(34):
            canvas.disc(
                x + rng.gauss(0, 0.024),
                0.93 - abs(rng.gauss(0, 0.013)),
                0.0125,
                mix(SON, rng.choice((INK, HOE)), rng.uniform(0, 0.25)),
            )
        canvas.line([(x - 0.062, 0.935), (x + 0.062, 0.935)], rgb("#6b4426"), 0.008)


def bridge(canvas: Canvas) -> None:
    """A lit arch bridge over the river at night, or as the lamps come on."""
    rng, light = canvas.rng, canvas.rng.choice((NIGHT, NIGHT, DUSK))
    horizon = 0.57
    paint_sky(canvas, light, horizon, clouds=False)
    if light is NIGHT:
        for _ in range(90):
            canvas.disc(
                rng.uniform(0, canvas.wide),
                rng.uniform(0, 0.42),
                rng.choice((0.0012, 0.0012, 0.0024)),
                WHITE,
                strength=rng.uniform(0.3, 0.9),
            )
    moon = paint_sun(canvas, light, rng.uniform(0.13, 0.22), 0.055)
    paint_hills(canvas, light, 0.43, 0.5, 2, 0.045)
    town = mix(light.near, light.high, 0.3)
    x = -0.02
    while x < canvas.wide:
        wide, tall = rng.uniform(0.03, 0.075), rng.uniform(0.05, 0.19)
        canvas.box(x, horizon - tall, x + wide, horizon, mix(town, INK, rng.uniform(0, 0.3)))
        for row in range(int(tall / 0.022)):
            for column in range(int(wide / 0.015)):
                if rng.random() < 0.42:
                    wx, wy = x + 0.006 + column * 0.015, horizon - tall + 0.01 + row * 0.022
                    canvas.box(wx, wy, wx + 0.007, wy + 0.009, mix(HOE, light.glow, rng.uniform(0, 0.3)))
        x += wide + rng.uniform(0, 0.012)
    canvas.fade(mix(light.water, light.low, 0.25), mix(light.water, INK, 0.45), horizon, 1)
    canvas.glitter(moon, horizon + 0.02, 0.95, light.sun, 0.05)
    deck, span = 0.63, canvas.wide / rng.choice((2, 2.5, 3))
    start = rng.uniform(-0.5, 0) * span
    lamp = mix(HOE, WHITE, 0.35)
    while start < canvas.wide:
        rise = span * 0.3
        arch = [(start + span * t / 40, deck - rise * math.sin(math.pi * t / 40)) for t in range(41)]
        for px, py in arch[2:-1:2]:
            canvas.line([(px, py), (px, deck)], mix(HOE, light.near, 0.45), 0.002)
        canvas.line(arch, mix(HOE, WHITE, 0.2), 0.011)
        for px, py in arch[::4]:
            canvas.light(px, py, 0.028, lamp, 0.55)
            canvas.shape(
                [
                    (px - 0.006, 2 * deck - py * 0.55 - deck * 0.36),
                    (px, deck + 0.05),
                    (px + 0.006, 2 * deck - py * 0.55 - deck * 0.36),
                ],
                HOE,
                0.16,
            )
        canvas.shape(
            [(start - 0.028, deck), (start + 0.028, deck), (start + 0.02, 0.8), (start - 0.02, 0.8)],
            mix(rgb("#8a6a3c"), light.near, 0.35),
        )
        for step in range(12):
            ry = 0.82 + step * 0.014
            canvas.box(
                start - 0.02 + rng.uniform(-0.012, 0.006),
                ry,
                start + 0.02 + rng.uniform(-0.006, 0.012),
                ry + 0.005,
                HOE,
                0.3 - step * 0.02,
            )
        start += span
    canvas.box(0, deck - 0.008, canvas.wide, deck + 0.022, mix(rgb("#b98a3f"), light.near, 0.2))
    canvas.box(0, deck - 0.008, canvas.wide, deck - 0.003, lamp)
    for place in range(26):
        px = canvas.wide * place / 25
        canvas.light(px, deck - 0.02, 0.02, lamp, 0.7)
        for step in range(7):
            canvas.box(
                px - rng.uniform(0.003, 0.01),
                deck + 0.06 + step * 0.026,
                px + rng.uniform(0.003, 0.01),
                deck + 0.065 + step * 0.026,
                HOE,
                0.34 - step * 0.04,
            )
    canvas.ripples(horizon + 0.12, 1.0, mix(light.water, light.glow, 0.55), 60, 0.3)
    sampan(canvas, canvas.wide * rng.uniform(0.2, 0.8), 0.9, 0.075, facing=rng.choice((-1, 1)), hood=rgb("#5a3a2a"))


def factories(canvas: Canvas) -> None:
    """A works park at the change of shift."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, DAWN, NOON, DUSK))
    paint_sky(canvas, light, 0.5)
    paint_sun(canvas, light, rng.uniform(0.15, 0.25), 0.07)
    paint_hills(canvas, light, 0.38, 0.44, 2, 0.045)
    canvas.fade(mix(light.leaf, rgb("#c5c58f"), 0.6), mix(light.leaf, HOE, 0.25), 0.47, 1)
    roofs = [rgb("#b9463a"), rgb("#8fa3b5"), rgb("#c9972f"), rgb("#4f7f9a")]
    rng.shuffle(roofs)
    for depth, foot, size in ((0, 0.56, 0.085), (1, 0.73, 0.15)):
        x = rng.uniform(-0.15, 0.0)
        place = rng.randrange(4)
        while x < canvas.wide:
            teeth = rng.choice((3, 4))
            wide = teeth * size * 0.78
            roof = mix(roofs[place % 4], light.low, 0.28 * (1 - depth))
            wall = mix(WHITE, light.low, 0.3)
            canvas.box(x, foot - size, x + wide, foot, wall)
            canvas.box(x, foot - size * 0.2, x + wide, foot, mix(wall, rgb("#58708a"), 0.3))
            for tooth in range(teeth):
                left, right = x + wide * tooth / teeth, x + wide * (tooth + 1) / teeth
                canvas.shape(
                    [(left, foot - size), (left, foot - size * 1.2), (right, foot - size * 1.7), (right, foot - size)],
                    roof,
                )
                canvas.shape(
                    [
                        (right - size * 0.05, foot - size * 1.05),
                        (right - size * 0.05, foot - size * 1.6),
                        (right, foot - size * 1.7),
                        (right, foot - size),
                    ],
                    mix(roof, INK, 0.3),
                )
                canvas.box(
                    left + size * 0.14, foot - size * 0.75, right - size * 0.16, foot - size * 0.4, rgb("#58708a")
                )
                canvas.shape(
                    [
                        (left + size * 0.14, foot - size * 0.75),
                        (left + size * 0.4, foot - size * 0.75),
                        (left + size * 0.2, foot - size * 0.4),
                        (left + size * 0.14, foot - size * 0.4),
                    ],
                    mix(rgb("#58708a"), WHITE, 0.35),
                )
            x += wide + rng.uniform(0.05, 0.12)
            place += 1
        for _ in range(13):
            tx = rng.uniform(0, canvas.wide)
            round_tree(
                canvas,
                tx,
                foot + size * 0.12,
                size * rng.uniform(0.2, 0.36),
                mix(light.leaf, rng.choice((INK, HOE)), rng.uniform(0, 0.16)),
            )
    canvas.shape([(0, 0.79), (canvas.wide, 0.79), (canvas.wide, 1.01), (0, 1.01)], mix(rgb("#62666a"), light.low, 0.08))
    canvas.box(0, 0.785, canvas.wide, 0.797, mix(light.low, rgb("#b8b2a4"), 0.5))
    for place in range(9):
        x = canvas.wide * place / 8.5
        canvas.box(x, 0.897, x + 0.09, 0.905, rgb("#f2e6b8"))
    for place, lane in enumerate((0.86, 0.97, 0.87)):
        x = canvas.wide * (0.12 + 0.31 * place + rng.uniform(0, 0.14))
        paint = rng.choice(roofs)
        canvas.disc(x, lane + 0.006, 0.15, INK, tall=0.012, strength=0.3)
        canvas.shape(
            curve(
                [
                    (x - 0.14, lane),
                    (x - 0.14, lane - 0.1),
                    (x + 0.12, lane - 0.1),
                    (x + 0.145, lane - 0.04),
                    (x + 0.145, lane),
                ],
                3,
            ),
            paint,
        )
        for pane in range(5):
            canvas.box(
                x - 0.125 + pane * 0.05,
                lane - 0.083,
                x - 0.085 + pane * 0.05,
                lane - 0.045,
                mix(rgb("#2f4658"), light.low, 0.3),
            )
        canvas.box(x - 0.14, lane - 0.03, x + 0.145, lane - 0.022, WHITE)
        for wheel in (-0.085, 0.085):
            canvas.disc(x + wheel, lane, 0.02, INK)
            canvas.disc(x + wheel, lane, 0.008, rgb("#b8b2a4"))
