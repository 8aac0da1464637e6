"""A village by its pond and a feast day at its communal house."""

from __future__ import annotations

from contest.demo.brush import Canvas, curve, mix, rgb
from contest.demo.buildings import house, upturned_roof
from contest.demo.scenes.light import DAWN, DUSK, GOLDEN, MORNING, NOON, paint_hills, paint_sky, paint_sun
from contest.demo.things import HOE, INK, SON, WHITE, areca, bamboo, flag, round_tree


def village(canvas: Canvas) -> None:
    """Tiled roofs, areca palms and a pond."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, MORNING, GOLDEN, DUSK))
    paint_sky(canvas, light, 0.5)
    paint_sun(canvas, light, rng.uniform(0.15, 0.28))
    paint_hills(canvas, light, 0.42, 0.48, 2, 0.05)
    roofs = (rgb("#9a4330"), rgb("#b0563a"), rgb("#84382a"))
    for _ in range(18):
        round_tree(
            canvas,
            rng.uniform(0, canvas.wide),
            0.58,
            rng.uniform(0.05, 0.085),
            mix(light.leaf, light.far, rng.uniform(0.1, 0.5)),
        )
    canvas.fade(mix(light.leaf, rgb("#b8b878"), 0.55), mix(light.leaf, rgb("#b8b878"), 0.35), 0.56, 0.74)
    for foot, size, count in ((0.6, 0.07, 5), (0.69, 0.115, 4)):
        for place in range(count):
            x = canvas.wide * (place + 0.5) / count + rng.uniform(-0.05, 0.05)
            if rng.random() < 0.75:
                areca(
                    canvas,
                    x + size * rng.choice((-1.3, 1.35)),
                    foot + 0.01,
                    size * rng.uniform(2.2, 3.0),
                    mix(light.leaf, INK, 0.15),
                )
            house(
                canvas,
                x,
                foot,
                size,
                mix(rgb("#efdfbd"), light.low, 0.3),
                mix(rng.choice(roofs), light.far, 0.15),
                lit=light is DUSK,
            )
    canvas.fade(mix(light.water, light.low, 0.45), mix(light.water, light.near, 0.35), 0.74, 1)
    canvas.box(0, 0.732, canvas.wide, 0.748, mix(light.leaf, INK, 0.35))
    for _ in range(7):
        x = rng.uniform(0, canvas.wide)
        canvas.shape(
            [(x - 0.1, 0.75), (x - 0.075, 0.81), (x + 0.075, 0.81), (x + 0.1, 0.75)],
            mix(rng.choice(roofs), light.water, 0.55),
            0.4,
        )
    canvas.ripples(0.76, 1.0, mix(light.water, WHITE, 0.6), 40, 0.45)
    for _ in range(26):
        x, y = rng.uniform(0, canvas.wide), rng.uniform(0.86, 0.99)
        pad = 0.02 + 0.1 * (y - 0.84)
        canvas.disc(x, y, pad, mix(light.leaf, rng.choice((INK, HOE)), rng.uniform(0.05, 0.25)), tall=pad * 0.34)
        if rng.random() < 0.42:
            canvas.line([(x, y), (x, y - pad * 1.2)], light.leaf, 0.004)
            for petal in (-0.42, 0.42, -0.2, 0.2, 0.0):
                canvas.shape(
                    curve(
                        [
                            (x, y - pad * 1.1),
                            (x + petal * pad * 1.2 - pad * 0.16, y - pad * 1.6),
                            (x + petal * pad * 1.5, y - pad * (2.1 - abs(petal))),
                            (x + petal * pad * 1.2 + pad * 0.16, y - pad * 1.6),
                            (x, y - pad * 1.1),
                        ],
                        4,
                    ),
                    mix(rgb("#e39a9c"), WHITE, 0.4 - abs(petal) * 0.6 if abs(petal) < 0.4 else 0.1),
                )
    side = rng.choice((0.0, canvas.wide))
    inward = 1 if side == 0 else -1
    for place in range(6):
        bamboo(
            canvas,
            side + inward * (0.02 + 0.035 * place),
            1.02,
            rng.uniform(0.72, 0.98),
            mix(light.leaf, INK, 0.18),
            inward * rng.uniform(0.12, 0.34),
        )


def festival(canvas: Canvas) -> None:
    """A communal house on a spring feast day, with flags."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, DAWN, NOON))
    paint_sky(canvas, light, 0.55)
    paint_sun(canvas, light, rng.uniform(0.12, 0.2), 0.06)
    paint_hills(canvas, light, 0.42, 0.5, 3, 0.055)
    for place in range(9):
        round_tree(
            canvas,
            canvas.wide * place / 8 + rng.uniform(-0.05, 0.05),
            0.68,
            rng.uniform(0.09, 0.15),
            mix(light.leaf, light.far, rng.uniform(0.05, 0.35)),
        )
    canvas.fade(mix(light.low, rgb("#d6bd92"), 0.75), mix(rgb("#c9a878"), light.low, 0.15), 0.67, 1)
    x, foot, half = canvas.wide * rng.uniform(0.42, 0.58), 0.71, 0.36
    canvas.box(x - half * 1.08, foot - 0.03, x + half * 1.08, foot + 0.01, rgb("#b9ab92"))
    canvas.box(x - half * 0.96, foot - 0.19, x + half * 0.96, foot - 0.03, rgb("#5a2a1e"))
    for column in range(8):
        px = x - half * 0.92 + half * 1.84 * column / 7
        canvas.box(px - 0.011, foot - 0.19, px + 0.011, foot - 0.03, rgb("#96281f"))
        if column < 7:
            canvas.box(
                px + 0.03,
                foot - 0.15,
                px + half * 0.26 - 0.026,
                foot - 0.03,
                mix(HOE, rgb("#5a2a1e"), 0.35 if column % 2 else 0.65),
            )
    upturned_roof(canvas, x, foot - 0.165, half * 1.12, 0.19, rgb("#8a3a2a"))
    for course in range(1, 7):
        y = foot - 0.165 - 0.026 * course
        reach = half * (1.08 - 0.095 * course)
        canvas.line([(x - reach * 0.86, y), (x + reach * 0.86, y)], rgb("#6e2c20"), 0.003)
    for side in (-1, 1):
        canvas.line(
            curve(
                [
                    (x + side * half * 0.47, foot - 0.35),
                    (x + side * half * 0.54, foot - 0.4),
                    (x + side * half * 0.44, foot - 0.405),
                ],
                6,
            ),
            HOE,
            0.008,
        )
    canvas.disc(x, foot - 0.37, 0.022, HOE)
    colours = (SON, HOE, rgb("#2a5a8a"), rgb("#3f7a4a"), rgb("#f0dfae"))
    for place in range(rng.randint(6, 8)):
        fx = canvas.wide * (place + 0.25) / 7.5 + rng.uniform(-0.02, 0.02)
        tall = 0.3 + 0.18 * abs(fx - x)
        turn = rng.randrange(5)
        flag(canvas, fx, 0.78 + 0.06 * (place % 2), tall, colours[turn:] + colours[:turn])
    for _ in range(34):
        px, depth = rng.uniform(0.02, canvas.wide - 0.02), rng.random()
        py, size = 0.8 + 0.2 * depth, 0.04 + 0.035 * depth
        canvas.disc(px, py, size * 0.5, INK, tall=size * 0.08, strength=0.2)
        canvas.shape(
            curve(
                [
                    (px - size * 0.42, py),
                    (px - size * 0.26, py - size * 0.95),
                    (px, py - size * 1.12),
                    (px + size * 0.26, py - size * 0.95),
                    (px + size * 0.42, py),
                ],
                5,
            ),
            rng.choice((*colours[:4], rgb("#6b3a5a"), rgb("#efe3c8"))),
        )
        canvas.disc(px, py - size * 1.25, size * 0.18, rgb("#b98258"))
        if rng.random() < 0.55:
            canvas.disc(px, py - size * 1.36, size * 0.22, rng.choice((INK, rgb("#3b2a4a"), SON)), tall=size * 0.13)
        else:
            canvas.shape(
                [(px - size * 0.42, py - size * 1.28), (px, py - size * 1.66), (px + size * 0.42, py - size * 1.28)],
                mix(WHITE, HOE, 0.3),
            )
