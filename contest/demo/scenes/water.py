"""The river, the lake, a forest stream and a waterfall."""

from __future__ import annotations

import math

from contest.demo.brush import Canvas, curve, mix, rgb
from contest.demo.scenes.light import DAWN, DUSK, GOLDEN, MORNING, NOON, RAIN, paint_hills, paint_sky, paint_sun
from contest.demo.things import HOE, INK, WHITE, round_tree, sampan, spire


def river(canvas: Canvas) -> None:
    """Boats on the Thương river."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, MORNING, GOLDEN, DUSK))
    horizon = rng.uniform(0.42, 0.5)
    paint_sky(canvas, light, horizon)
    sun = paint_sun(canvas, light, horizon - rng.uniform(0.04, 0.17))
    paint_hills(canvas, light, horizon - 0.09, horizon - 0.03, 3, 0.05)
    for _ in range(16):
        x = rng.uniform(0, canvas.wide)
        round_tree(canvas, x, horizon + 0.004, rng.uniform(0.014, 0.026), mix(light.near, light.far, 0.35))
    canvas.fade(mix(light.water, light.low, 0.55), mix(light.water, light.near, 0.3), horizon, 1)
    canvas.box(0, horizon - 0.002, canvas.wide, horizon + 0.006, mix(light.near, light.water, 0.4), 0.7)
    canvas.glitter(sun, horizon + 0.01, 0.97, mix(light.sun, light.glow, 0.45), 0.07)
    canvas.ripples(horizon + 0.02, 1.0, mix(light.water, WHITE, 0.55), 46, 0.45)
    canvas.ripples(horizon + 0.02, 1.0, mix(light.water, light.near, 0.7), 30, 0.3)
    hoods = (rgb("#a86a34"), rgb("#8f4a2a"), rgb("#b98a4a"))
    boats = sorted(rng.uniform(0.1, 0.95) ** 1.1 for _ in range(rng.randint(3, 5)))
    for place, depth in enumerate(boats):
        x = canvas.wide * ((place * 0.37 + rng.uniform(0.1, 0.28)) % 0.86 + 0.07)
        sampan(
            canvas,
            x,
            horizon + 0.04 + (0.86 - horizon) * depth,
            0.03 + 0.1 * depth,
            facing=rng.choice((-1, 1)),
            hood=rng.choice((*hoods, None)),
        )
    bank = mix(light.leaf, INK, 0.45)
    side = rng.choice((0, 1))
    for _ in range(22):
        x = rng.uniform(-0.02, 0.24)
        x = canvas.wide - x if side else x
        reed = rng.uniform(0.1, 0.24)
        lean = rng.uniform(-0.03, 0.05) * (-1 if side else 1)
        canvas.line(curve([(x, 1.01), (x + lean * 0.4, 1 - reed * 0.6), (x + lean, 1 - reed)], 8), bank, 0.005)
        canvas.disc(x + lean, 1 - reed, 0.006, rgb("#8a5a34"), tall=0.022)
    canvas.birds(canvas.wide * rng.uniform(0.2, 0.8), 0.12, mix(light.near, INK, 0.2))


def lake(canvas: Canvas) -> None:
    """Islands on Cấm Sơn lake, seen from above."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, NOON, DAWN, RAIN, GOLDEN))
    horizon = rng.uniform(0.3, 0.37)
    paint_sky(canvas, light, horizon)
    sun = paint_sun(canvas, light, horizon - 0.12, 0.06)
    paint_hills(canvas, light, horizon - 0.1, horizon - 0.01, 4, 0.06, 0.3)
    water = mix(light.water, rgb("#4f9a9a"), 0.35)
    canvas.fade(mix(water, light.low, 0.5), mix(water, light.near, 0.35), horizon + 0.02, 1)
    canvas.glitter(sun, horizon + 0.03, 0.9, light.glow, 0.045)
    canvas.ripples(horizon + 0.04, 1.0, mix(water, WHITE, 0.6), 60, 0.4)
    count = rng.randint(7, 10)
    for place in range(count):
        depth = (place + rng.uniform(0, 0.8)) / count
        y = horizon + 0.05 + (0.93 - horizon) * depth
        half = (0.05 + 0.15 * depth) * rng.uniform(0.7, 1.2)
        x = canvas.wide * ((place * 0.618 + rng.uniform(0, 0.12)) % 1)
        tall = half * rng.uniform(0.36, 0.56)
        green = mix(light.leaf, light.far, 0.5 * (1 - depth))
        canvas.disc(x, y + half * 0.05, half * 1.08, mix(water, INK, 0.5), tall=half * 0.2, strength=0.35)
        canvas.disc(x, y, half, rgb("#dcc48f"), tall=half * 0.13)
        skyline = curve(
            [
                (x - half * 0.95, y),
                (x - half * 0.6, y - tall * 0.55),
                (x - half * 0.15, y - tall),
                (x + half * 0.3, y - tall * 0.7),
                (x + half * 0.65, y - tall * 0.45),
                (x + half * 0.95, y),
            ],
            8,
        )
        canvas.shape(skyline, mix(green, INK, 0.16))
        canvas.shape([(px - half * 0.05, py + tall * 0.2) for px, py in skyline[4:-10]], green, 0.9)
        for px, py in skyline[6:-6:4]:
            spire(
                canvas, px, py + tall * 0.12, tall * rng.uniform(0.3, 0.55), mix(green, INK, rng.uniform(0, 0.3)), 0.24
            )
    sampan(canvas, canvas.wide * rng.uniform(0.35, 0.65), 0.9, 0.055, facing=rng.choice((-1, 1)))


def forest(canvas: Canvas) -> None:
    """A stream coming down through the old forest of Khe Rỗ."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, RAIN, NOON))
    canvas.fade(mix(light.low, rgb("#dcebd2"), 0.6), mix(light.far, rgb("#bcd6b4"), 0.7))
    bend = rng.uniform(-0.1, 0.1)
    middle = canvas.wide * rng.uniform(0.42, 0.58)
    canvas.light(middle, 0.3, 0.55, light.glow, 0.9)
    for layer in range(5):
        depth = layer / 4
        green = mix(rgb("#b3cfa6"), mix(light.leaf, rgb("#17392b"), 0.75), depth)
        for _ in range(24 - layer * 2):
            x = rng.uniform(-0.05, canvas.wide + 0.05)
            gap = 0.04 + 0.19 * depth
            if abs(x - middle - bend * depth) < gap:
                x += math.copysign(gap, x - middle)
            spire(
                canvas,
                x,
                0.63 + 0.27 * depth,
                rng.uniform(0.34, 0.6) * (0.72 + 0.5 * depth),
                mix(green, HOE, rng.uniform(0, 0.16)),
                rng.uniform(0.07, 0.12),
            )
        canvas.mist(0.6 + 0.2 * depth, 0.16, mix(light.low, rgb("#e7f2dd"), 0.5), 0.42 * (1 - depth))
    left = curve(
        [(middle - 0.012, 0.56), (middle - 0.05 + bend, 0.68), (middle - 0.02 - bend, 0.8), (middle - 0.42, 1.02)], 12
    )
    right = curve(
        [(middle + 0.012, 0.56), (middle + 0.05 + bend, 0.68), (middle + 0.2 - bend, 0.8), (middle + 0.4, 1.02)], 12
    )
    floor = mix(light.leaf, rgb("#17392b"), 0.7)
    canvas.shape(
        [
            (0, 0.84),
            *curve([(0, 0.82), (middle * 0.5, 0.86), (middle, 0.8), (middle * 1.5, 0.87), (canvas.wide, 0.82)], 10),
            (canvas.wide, 1.01),
            (0, 1.01),
        ],
        floor,
    )
    canvas.shape([*left, *reversed(right)], mix(light.water, WHITE, 0.5))
    canvas.shape(
        [*((x + 0.015, y) for x, y in left[8:]), *reversed([(x - 0.04, y) for x, y in right[8:]])],
        mix(light.water, WHITE, 0.72),
        0.7,
    )
    for _ in range(22):
        y = rng.uniform(0.66, 0.99)
        half = 0.02 + 0.2 * (y - 0.64)
        x = middle + rng.uniform(-0.8, 0.8) * half
        canvas.line(curve([(x - half * 0.35, y), (x, y - 0.006), (x + half * 0.35, y + 0.002)], 5), WHITE, 0.0035, 0.85)
    for _ in range(17):
        side = rng.choice((-1, 1))
        y = rng.uniform(0.74, 0.99)
        edge = (left if side < 0 else right)[round((y - 0.56) / 0.46 * 36) % 37][0]
        size = 0.014 + 0.05 * (y - 0.7)
        stone = mix(rgb("#7d8680"), floor, rng.uniform(0, 0.4))
        canvas.disc(edge + side * rng.uniform(-0.02, 0.04), y, size * 1.3, mix(stone, INK, 0.35), tall=size * 0.75)
        canvas.disc(edge + side * rng.uniform(-0.015, 0.03), y - size * 0.2, size, stone, tall=size * 0.5)
    for side in (-1, 1):
        for _ in range(13):
            x = rng.uniform(-0.02, 0.3)
            x = canvas.wide - x if side > 0 else x
            for frond in range(7):
                angle = -math.pi / 2 + (frond - 3) * 0.33
                end = (x + math.cos(angle) * 0.09, 0.98 + math.sin(angle) * 0.09 + abs(frond - 3) * 0.01)
                half_way = (x + math.cos(angle) * 0.05, 0.97 + math.sin(angle) * 0.075)
                canvas.line(
                    curve([(x, 1.0), half_way, end], 6), mix(floor, rgb("#5e8f4a"), 0.25 + 0.1 * (frond % 3)), 0.007
                )


def waterfall(canvas: Canvas) -> None:
    """Suối Mỡ falling in steps between rocks."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, NOON, RAIN))
    paint_sky(canvas, light, 0.4)
    paint_hills(canvas, light, 0.2, 0.3, 3, 0.06, 0.4)
    middle = canvas.wide * rng.uniform(0.42, 0.58)
    for row in range(3):
        for _ in range(18):
            spire(
                canvas,
                rng.uniform(0, canvas.wide),
                0.38 + row * 0.07,
                rng.uniform(0.16, 0.3),
                mix(mix(light.leaf, light.far, 0.45 - row * 0.18), HOE, rng.uniform(0, 0.14)),
                0.14,
            )
    rock = mix(rgb("#8a7d68"), light.near, 0.22)
    steps = ((0.36, 0.56, 0.09), (0.54, 0.74, 0.17), (0.72, 0.9, 0.27))
    for number, (top, foot, half) in enumerate(steps):
        shift = middle + (-1) ** number * 0.05
        tone = mix(rock, light.low, 0.22 * (2 - number) / 2)
        cliff = curve(
            [
                (-0.02, top + 0.05),
                (shift * 0.5, top - 0.015),
                (shift - half, top),
                (shift + half, top),
                (shift + (canvas.wide - shift) * 0.5, top - 0.02),
                (canvas.wide + 0.02, top + 0.04),
            ],
            10,
        )
        canvas.below(cliff, mix(tone, INK, 0.08), mix(tone, INK, 0.45), 0.3)
        for ledge in range(3):
            y = top + 0.045 + ledge * 0.055
            edge = curve(
                [
                    (-0.02, y + 0.04),
                    (shift * 0.4, y + rng.uniform(-0.012, 0.012)),
                    (shift, y + 0.01),
                    (shift + (canvas.wide - shift) * 0.6, y + rng.uniform(-0.012, 0.012)),
                    (canvas.wide + 0.02, y + 0.03),
                ],
                12,
            )
            canvas.below(edge, mix(tone, INK, 0.16 + 0.1 * ledge), mix(tone, INK, 0.5), 0.3)
            canvas.line(edge, mix(tone, light.low, 0.3), 0.003, 0.6)
        canvas.shape(
            [
                (shift - half * 0.8, top),
                (shift + half * 0.8, top),
                *curve([(shift + half * 0.95, top + 0.06), (shift + half * 1.1, foot)], 6),
                *curve([(shift - half * 1.1, foot), (shift - half * 0.95, top + 0.06)], 6),
            ],
            mix(light.water, WHITE, 0.66),
        )
        for _ in range(34):
            x = shift + rng.uniform(-0.85, 0.85) * half
            canvas.line(
                curve(
                    [
                        (x, top + rng.uniform(0, 0.05)),
                        (x + (x - shift) * 0.1, (top + foot) / 2),
                        (x + (x - shift) * 0.24, foot - rng.uniform(0, 0.05)),
                    ],
                    5,
                ),
                rng.choice((WHITE, mix(light.water, rgb("#5f97a0"), 0.5))),
                rng.uniform(0.002, 0.006),
                0.75,
            )
        for _ in range(30):
            canvas.disc(
                shift + rng.uniform(-1.25, 1.25) * half,
                foot + rng.uniform(-0.018, 0.012),
                rng.uniform(0.012, 0.032),
                WHITE,
                tall=0.012,
                strength=0.55,
            )
        for side in (-1, 1):
            for _ in range(11):
                x = shift + side * (half * 1.3 + rng.uniform(0, 0.75))
                round_tree(
                    canvas,
                    x,
                    top + rng.uniform(0.02, 0.05),
                    rng.uniform(0.03, 0.06),
                    mix(light.leaf, rng.choice((INK, HOE)), rng.uniform(0.02, 0.22)),
                )
    pool = mix(light.water, rgb("#4f9a9a"), 0.5)
    canvas.shape(
        [
            *curve(
                [(-0.02, 0.93), (middle * 0.5, 0.895), (middle, 0.89), (middle * 1.5, 0.9), (canvas.wide + 0.02, 0.94)],
                10,
            ),
            (canvas.wide + 0.02, 1.01),
            (-0.02, 1.01),
        ],
        pool,
    )
    canvas.ripples(0.91, 1.0, WHITE, 34, 0.5)
    canvas.mist(0.9, 0.09, WHITE, 0.4)
    for edge_x in (0.0, canvas.wide):
        for _ in range(4):
            x = abs(edge_x - rng.uniform(0, 0.22))
            size = rng.uniform(0.05, 0.085)
            canvas.disc(x, 0.985, size * 1.5, mix(rock, INK, 0.45), tall=size * 0.8)
            canvas.disc(x - size * 0.2, 0.965, size * 1.1, mix(rock, INK, 0.2), tall=size * 0.5)
