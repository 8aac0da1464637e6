"""Orchards, ripe rice, tea and flooded fields."""

from __future__ import annotations

import math

from contest.demo.brush import Canvas, curve, mix, rgb
from contest.demo.buildings import house
from contest.demo.scenes.light import DAWN, DUSK, GOLDEN, MORNING, NOON, RAIN, paint_hills, paint_sky, paint_sun
from contest.demo.things import HOE, INK, SON, WHITE, areca, buffalo, egret, lychee


def orchard(canvas: Canvas) -> None:
    """Hills of lychee trees in fruit, row behind row."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, MORNING, GOLDEN, NOON))
    paint_sky(canvas, light, 0.45)
    paint_sun(canvas, light, rng.uniform(0.16, 0.26))
    paint_hills(canvas, light, 0.34, 0.42, 3, 0.06)
    for row in range(5):
        depth = row / 4
        slope = mix(mix(light.far, light.leaf, 0.55 + 0.35 * depth), HOE, 0.16)
        top = 0.44 + 0.4 * depth**1.15
        line = canvas.ridge(
            top, 0.026 + 0.012 * depth, slope, foot=mix(slope, rgb("#a8a04c"), 0.35), bumps=1.4 + rng.random()
        )
        size = 0.026 + 0.062 * depth
        x = rng.uniform(-0.04, 0.04)
        while x < canvas.wide + size:
            ground = line[min(180, max(0, round(x / canvas.wide * 180)))][1]
            lychee(
                canvas,
                x,
                ground + size * 0.62 + rng.uniform(0, size * 0.18),
                size * rng.uniform(0.9, 1.1),
                mix(light.leaf, light.far, 0.42 * (1 - depth)),
                ripe=0.6 + depth * 0.9,
            )
            x += size * rng.uniform(2.1, 2.6)
    for _ in range(3):
        x = rng.uniform(0.1, canvas.wide - 0.1)
        for part in range(14):
            canvas.disc(
                x + rng.uniform(-0.045, 0.045),
                0.985 - abs(rng.gauss(0, 0.012)) - 0.004 * (part % 3),
                0.012,
                mix(SON, INK, rng.uniform(0, 0.3)),
            )
        canvas.shape([(x - 0.07, 0.975), (x + 0.07, 0.975), (x + 0.055, 1.01), (x - 0.055, 1.01)], rgb("#a8703c"))


def terraces(canvas: Canvas) -> None:
    """Ripe rice in bands that follow the land."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, GOLDEN, NOON, DAWN))
    paint_sky(canvas, light, 0.42)
    paint_sun(canvas, light, rng.uniform(0.13, 0.24))
    paint_hills(canvas, light, 0.3, 0.4, 4, 0.07, 0.2)
    greens = (
        rgb("#e2b94b"),
        rgb("#cfa23a"),
        rgb("#dcc06a"),
        rgb("#a8b45a"),
        rgb("#c9972f"),
        rgb("#8fa651"),
        rgb("#e6c65c"),
    )
    phase, lean = rng.uniform(0, 6), rng.uniform(-0.03, 0.03)
    bands = 13
    for band in range(bands):
        depth = (band / bands) ** 1.5
        y = 0.43 + 0.6 * depth
        wave = [
            (
                canvas.wide * s / 60,
                y
                + (0.012 + 0.03 * depth) * math.sin(phase + s / 11 + band * 0.35)
                + lean * (s / 30 - 1) * (0.3 + depth),
            )
            for s in range(61)
        ]
        colour = mix(greens[(band * 3 + rng.randint(0, 1)) % 7], light.low, 0.3 * (1 - depth))
        canvas.shape([*wave, (canvas.wide, 1.01), (0, 1.01)], colour)
        canvas.line(wave, mix(colour, WHITE, 0.7), 0.002 + 0.005 * depth)
        for stroke in range(round(60 + 40 * depth)):
            sx, sy = wave[rng.randint(0, 60)]
            tall = 0.004 + 0.016 * depth
            canvas.line(
                [(sx + rng.uniform(-0.02, 0.02), sy + tall * 2.4), (sx, sy + tall * 1.2)],
                mix(colour, INK if stroke % 2 else WHITE, 0.2),
                0.0016 + 0.001 * depth,
                0.7,
            )
    x, y = canvas.wide * rng.uniform(0.15, 0.85), rng.uniform(0.5, 0.56)
    house(canvas, x, y, 0.05, rgb("#e9d9b8"), rgb("#9a4a34"))
    for place in (-0.09, -0.07, 0.08):
        areca(canvas, x + place, y, rng.uniform(0.09, 0.13), mix(light.leaf, INK, 0.1))
    for _ in range(rng.randint(3, 5)):
        px, py = canvas.wide * rng.uniform(0.1, 0.9), rng.uniform(0.66, 0.86)
        size = 0.05 * py
        canvas.shape(
            [(px - size * 0.4, py), (px - size * 0.3, py - size), (px + size * 0.3, py - size), (px + size * 0.4, py)],
            rng.choice((rgb("#7c2f24"), rgb("#2a4f7a"), rgb("#5a3f6a"))),
        )
        canvas.shape(
            [(px - size * 0.65, py - size * 1.05), (px, py - size * 1.6), (px + size * 0.65, py - size * 1.05)],
            mix(WHITE, HOE, 0.3),
        )
    canvas.birds(canvas.wide * rng.uniform(0.2, 0.8), 0.1, mix(light.near, INK, 0.2))


def tea(canvas: Canvas) -> None:
    """Rows of tea curving over the hills of Yên Thế."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, NOON, DAWN, GOLDEN))
    paint_sky(canvas, light, 0.45)
    paint_sun(canvas, light, rng.uniform(0.14, 0.24))
    paint_hills(canvas, light, 0.34, 0.42, 3, 0.06, 0.2)
    canvas.mist(0.45, 0.1, light.low, 0.55)
    mounds = [
        (rng.uniform(0.05, 0.35), 0.5, 0.55, 0.0),
        (rng.uniform(0.75, 0.95), 0.55, 0.62, 0.35),
        (rng.uniform(0.3, 0.6), 0.68, 0.8, 0.7),
        (rng.choice((-0.05, 1.0)), 0.76, 0.7, 1.0),
    ]
    for share, top, half, depth in mounds:
        x = canvas.wide * share
        base = mix(mix(light.leaf, rgb("#7aa84a"), 0.35), light.low, 0.32 * (1 - depth))
        for row in range(15):
            inner = (row / 15) ** 1.12
            y = top + inner * (0.16 + 0.34 * (0.5 + depth / 2))
            reach = half * (0.16 + 0.95 * math.sqrt(inner + 0.03))
            colour = mix(base, INK, 0.1 + 0.13 * (row % 2))
            arc = [(x - reach + 2 * reach * t / 40, y + 0.09 * ((t - 20) / 20) ** 2 * (0.6 + inner)) for t in range(41)]
            canvas.shape([*arc, (x + reach, 1.3), (x - reach, 1.3)], mix(colour, INK, 0.18))
            thick = 0.012 + 0.017 * inner * (0.6 + depth * 0.6)
            for t, (px, py) in enumerate(arc):
                canvas.disc(
                    px,
                    py + thick * 0.45,
                    thick * 1.5,
                    mix(base, HOE, 0.12 + 0.1 * math.sin(t * 1.7 + row)),
                    tall=thick * 0.7,
                )
    for _ in range(rng.randint(4, 6)):
        px, py = canvas.wide * rng.uniform(0.12, 0.88), rng.uniform(0.7, 0.95)
        size = 0.075 * py
        canvas.shape(
            curve(
                [
                    (px - size * 0.36, py),
                    (px - size * 0.24, py - size * 0.9),
                    (px, py - size),
                    (px + size * 0.24, py - size * 0.9),
                    (px + size * 0.36, py),
                ],
                5,
            ),
            rng.choice((SON, rgb("#2a4f7a"), rgb("#7a3f5a"))),
        )
        canvas.disc(px + size * 0.3, py - size * 0.35, size * 0.24, rgb("#a8743f"))
        canvas.disc(px, py - size * 1.08, size * 0.16, rgb("#b98258"))
        canvas.shape(
            [(px - size * 0.46, py - size * 1.1), (px, py - size * 1.5), (px + size * 0.46, py - size * 1.1)],
            mix(WHITE, HOE, 0.3),
        )


def fields(canvas: Canvas) -> None:
    """Flooded fields at planting time, with a buffalo and egrets."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, GOLDEN, DUSK, RAIN, MORNING))
    horizon = rng.uniform(0.46, 0.54)
    paint_sky(canvas, light, horizon)
    sun = paint_sun(canvas, light, horizon - rng.uniform(0.03, 0.2), rng.uniform(0.08, 0.11))
    paint_hills(canvas, light, horizon - 0.07, horizon - 0.02, 3, 0.05)
    for _ in range(12):
        x = rng.uniform(0, canvas.wide)
        areca(canvas, x, horizon + 0.006, rng.uniform(0.05, 0.09), mix(light.near, light.far, 0.3))
    canvas.fade(mix(light.low, light.water, 0.25), mix(light.high, light.water, 0.55), horizon, 1)
    canvas.glitter(sun, horizon + 0.01, 0.98, mix(light.sun, light.glow, 0.4), 0.08)
    dyke = mix(light.leaf, INK, 0.3)
    vanish = canvas.wide * rng.uniform(0.3, 0.7)
    for place in range(7):
        y = horizon + 0.5 * ((place + 1) / 7) ** 1.9
        thick = 0.002 + 0.014 * (place / 6)
        canvas.shape(
            [(0, y), (canvas.wide, y + 0.012), (canvas.wide, y + 0.012 + thick), (0, y + thick)],
            mix(dyke, light.low, 0.35 * (1 - place / 6)),
        )
    for place in range(-4, 5):
        foot = vanish + place * 0.42
        canvas.shape(
            [
                (vanish + place * 0.05, horizon),
                (vanish + place * 0.05 + 0.002, horizon),
                (foot + 0.022, 1.01),
                (foot - 0.012, 1.01),
            ],
            mix(dyke, light.low, 0.15),
            0.9,
        )
    for row in range(16):
        depth = row / 15
        y = horizon + 0.06 + (0.95 - horizon) * depth**1.4
        for _ in range(34):
            x = rng.uniform(0, canvas.wide)
            tall = 0.005 + 0.022 * depth
            for blade in (-0.4, 0, 0.4):
                canvas.line(
                    [(x, y), (x + blade * tall, y - tall)],
                    mix(light.leaf, rgb("#9ac25a"), 0.45),
                    0.0012 + 0.002 * depth,
                )
    x, facing = canvas.wide * rng.uniform(0.25, 0.75), rng.choice((-1, 1))
    canvas.disc(x, 0.845, 0.16, INK, tall=0.02, strength=0.25)
    buffalo(canvas, x, 0.845, rng.uniform(0.12, 0.15), facing=facing, rider=rng.random() < 0.7)
    for _ in range(rng.randint(4, 7)):
        egret(canvas, canvas.wide * rng.uniform(0.08, 0.92), rng.uniform(0.14, 0.62), rng.uniform(0.016, 0.036))
