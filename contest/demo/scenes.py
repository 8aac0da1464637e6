"""The places that the demo's pictures show; each scene paints one place in one light on a canvas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from contest.demo.brush import Canvas, Colour, curve, mix, rgb
from contest.demo.things import (
    HOE,
    INK,
    SON,
    WHITE,
    areca,
    bamboo,
    buffalo,
    egret,
    flag,
    house,
    lychee,
    pagoda,
    round_tree,
    sampan,
    spire,
    upturned_roof,
)


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour: sky above and at the horizon, sun and its glow, far and near land, leaf and water."""

    high: Colour
    low: Colour
    sun: Colour
    glow: Colour
    far: Colour
    near: Colour
    leaf: Colour
    water: Colour


def _light(high: str, low: str, sun: str, glow: str, far: str, near: str, leaf: str, water: str) -> Light:
    return Light(*(rgb(colour) for colour in (high, low, sun, glow, far, near, leaf, water)))


DAWN = _light("#e9c7b4", "#fbeadb", "#d8583a", "#ffd9ae", "#d9c6c8", "#41606b", "#3f6b4c", "#b9c6c8")
MORNING = _light("#cfe3e6", "#f7f0dc", "#e7a93a", "#fff3c8", "#b9cdc4", "#3f6f5a", "#3f7a4a", "#8fb9bd")
NOON = _light("#a9d0dd", "#eef3e2", "#f3c451", "#fffbe0", "#a8c6bb", "#36704f", "#4b8445", "#6fb0b5")
GOLDEN = _light("#f0b25c", "#fbe7b6", "#c2362a", "#ffdf8e", "#dcb583", "#6b6a3c", "#5f7a3a", "#d9b06a")
DUSK = _light("#5b4a73", "#f0a069", "#d63f2c", "#ffb46a", "#a77a86", "#3a3350", "#38513f", "#a3707a")
RAIN = _light("#aebdb9", "#dfe5da", "#f1efe0", "#f4f4ea", "#b7c5bf", "#35584f", "#3d6a50", "#9db4b3")
NIGHT = _light("#121b38", "#34466f", "#f4e3ae", "#6f7fae", "#2c3a60", "#131a30", "#1d3340", "#22335c")

_DAYS = (DAWN, MORNING, NOON, GOLDEN)


def _sky(canvas: Canvas, light: Light, horizon: float, *, clouds: bool = True) -> None:
    canvas.fade(light.high, light.low, 0, horizon)
    canvas.fade(light.low, light.low, horizon - 0.01, 1)
    if clouds and canvas.rng.random() < 0.6:
        canvas.clouds(horizon * 0.35, mix(light.low, WHITE, 0.5), canvas.rng.randint(2, 4))


def _sun(canvas: Canvas, light: Light, height: float, size: float | None = None) -> float:
    x = canvas.wide * canvas.rng.choice((0.24, 0.3, 0.62, 0.7, 0.78)) + canvas.rng.uniform(-0.05, 0.05)
    canvas.sun(x, height, size or canvas.rng.uniform(0.065, 0.1), light.sun, light.glow)
    return x


def _hills(
    canvas: Canvas, light: Light, top: float, bottom: float, count: int, rise: float = 0.05, sharp: float = 0.0
) -> None:
    for place in range(count):
        share = place / max(1, count - 1)
        colour = mix(light.far, light.near, share * 0.8)
        canvas.ridge(
            top + (bottom - top) * share,
            rise * (1.15 - 0.45 * share),
            colour,
            foot=mix(colour, light.low, 0.62),
            bumps=2.2 + 1.6 * share,
            sharp=sharp * (1 - share),
        )


def yen_tu(canvas: Canvas) -> None:
    """A tower on a ridge of Tây Yên Tử, above and below the mist."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, RAIN, GOLDEN, DUSK))
    _sky(canvas, light, 0.62, clouds=False)
    _sun(canvas, light, rng.uniform(0.2, 0.32), rng.uniform(0.085, 0.12))
    _hills(canvas, light, 0.42, 0.74, 5, 0.12, 0.45)
    canvas.mist(0.64, 0.16, light.low, 0.75)
    x = canvas.wide * rng.uniform(0.34, 0.66)
    ground = mix(light.near, rgb("#1f3a34"), 0.6)
    hill = curve(
        [
            (-0.05, 0.97),
            (x - 0.45, 0.88),
            (x - 0.16, 0.795),
            (x + 0.16, 0.795),
            (x + 0.5, 0.9),
            (canvas.wide + 0.05, 0.95),
        ],
        16,
    )
    for step in range(26):
        sx = x + (step - 12.5) * 0.055 + rng.uniform(-0.02, 0.02)
        if abs(sx - x) > 0.2:
            spire(
                canvas,
                sx,
                0.86 + 0.05 * min(1, abs(sx - x)),
                rng.uniform(0.08, 0.16),
                mix(ground, light.near, rng.uniform(0.1, 0.6)),
            )
    canvas.below(hill, ground, mix(ground, INK, 0.25))
    pagoda(
        canvas,
        x,
        0.815,
        rng.uniform(0.15, 0.18),
        rng.choice((3, 4)),
        rgb("#7c2f24"),
        mix(rgb("#2c1a19"), light.near, 0.12),
    )
    path = mix(light.low, ground, 0.35)
    canvas.shape(
        [
            *curve([(x - 0.028, 0.815), (x - 0.05, 0.88), (x - 0.03, 0.93), (x - 0.12, 1.01)], 8),
            *reversed(curve([(x + 0.028, 0.815), (x + 0.02, 0.88), (x + 0.06, 0.93), (x + 0.02, 1.01)], 8)),
        ],
        path,
    )
    for side in (-1, 1):
        spire(canvas, x + side * rng.uniform(0.3, 0.36), 0.93, rng.uniform(0.24, 0.34), mix(ground, INK, 0.1), 0.16)
    canvas.mist(0.9, 0.1, light.low, 0.22)
    canvas.birds(canvas.wide * rng.uniform(0.15, 0.85), 0.16, mix(light.near, INK, 0.3))


def orchard(canvas: Canvas) -> None:
    """Hills of lychee trees in fruit, row behind row."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, MORNING, GOLDEN, NOON))
    _sky(canvas, light, 0.45)
    _sun(canvas, light, rng.uniform(0.16, 0.26))
    _hills(canvas, light, 0.34, 0.42, 3, 0.06)
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


def river(canvas: Canvas) -> None:
    """Boats on the Thương river."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, MORNING, GOLDEN, DUSK))
    horizon = rng.uniform(0.42, 0.5)
    _sky(canvas, light, horizon)
    sun = _sun(canvas, light, horizon - rng.uniform(0.04, 0.17))
    _hills(canvas, light, horizon - 0.09, horizon - 0.03, 3, 0.05)
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
    _sky(canvas, light, horizon)
    sun = _sun(canvas, light, horizon - 0.12, 0.06)
    _hills(canvas, light, horizon - 0.1, horizon - 0.01, 4, 0.06, 0.3)
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


def market(canvas: Canvas) -> None:
    """A lychee market under striped awnings."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, DAWN, GOLDEN))
    _sky(canvas, light, 0.5)
    _sun(canvas, light, rng.uniform(0.13, 0.2), 0.06)
    _hills(canvas, light, 0.3, 0.38, 3, 0.05)
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


def terraces(canvas: Canvas) -> None:
    """Ripe rice in bands that follow the land."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, GOLDEN, NOON, DAWN))
    _sky(canvas, light, 0.42)
    _sun(canvas, light, rng.uniform(0.13, 0.24))
    _hills(canvas, light, 0.3, 0.4, 4, 0.07, 0.2)
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


def bridge(canvas: Canvas) -> None:
    """A lit arch bridge over the river at night, or as the lamps come on."""
    rng, light = canvas.rng, canvas.rng.choice((NIGHT, NIGHT, DUSK))
    horizon = 0.57
    _sky(canvas, light, horizon, clouds=False)
    if light is NIGHT:
        for _ in range(90):
            canvas.disc(
                rng.uniform(0, canvas.wide),
                rng.uniform(0, 0.42),
                rng.choice((0.0012, 0.0012, 0.0024)),
                WHITE,
                strength=rng.uniform(0.3, 0.9),
            )
    moon = _sun(canvas, light, rng.uniform(0.13, 0.22), 0.055)
    _hills(canvas, light, 0.43, 0.5, 2, 0.045)
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


def factories(canvas: Canvas) -> None:
    """A works park at the change of shift."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, DAWN, NOON, DUSK))
    _sky(canvas, light, 0.5)
    _sun(canvas, light, rng.uniform(0.15, 0.25), 0.07)
    _hills(canvas, light, 0.38, 0.44, 2, 0.045)
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


def village(canvas: Canvas) -> None:
    """Tiled roofs, areca palms and a pond."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, MORNING, GOLDEN, DUSK))
    _sky(canvas, light, 0.5)
    _sun(canvas, light, rng.uniform(0.15, 0.28))
    _hills(canvas, light, 0.42, 0.48, 2, 0.05)
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


def fields(canvas: Canvas) -> None:
    """Flooded fields at planting time, with a buffalo and egrets."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, GOLDEN, DUSK, RAIN, MORNING))
    horizon = rng.uniform(0.46, 0.54)
    _sky(canvas, light, horizon)
    sun = _sun(canvas, light, horizon - rng.uniform(0.03, 0.2), rng.uniform(0.08, 0.11))
    _hills(canvas, light, horizon - 0.07, horizon - 0.02, 3, 0.05)
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


def festival(canvas: Canvas) -> None:
    """A communal house on a spring feast day, with flags."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, DAWN, NOON))
    _sky(canvas, light, 0.55)
    _sun(canvas, light, rng.uniform(0.12, 0.2), 0.06)
    _hills(canvas, light, 0.42, 0.5, 3, 0.055)
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


def tea(canvas: Canvas) -> None:
    """Rows of tea curving over the hills of Yên Thế."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, NOON, DAWN, GOLDEN))
    _sky(canvas, light, 0.45)
    _sun(canvas, light, rng.uniform(0.14, 0.24))
    _hills(canvas, light, 0.34, 0.42, 3, 0.06, 0.2)
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


def blossom(canvas: Canvas) -> None:
    """A branch of peach blossom before the hills of the highlands."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, RAIN, MORNING))
    _sky(canvas, light, 0.66, clouds=False)
    _sun(canvas, light, rng.uniform(0.26, 0.36), rng.uniform(0.09, 0.12))
    _hills(canvas, light, 0.5, 0.82, 5, 0.09, 0.35)
    canvas.mist(0.68, 0.14, light.low, 0.6)
    for _ in range(5):
        x = canvas.wide * rng.uniform(0.15, 0.85)
        y = rng.uniform(0.84, 0.94)
        house(canvas, x, y, 0.03 + 0.05 * (y - 0.8), rgb("#c9a06a"), rgb("#6b4a3a"))
    side = rng.choice((0, 1))
    pink = rng.choice((rgb("#d9737c"), rgb("#e08a8f"), rgb("#c9525f")))

    def place(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(canvas.wide - x if side else x, y) for x, y in points]

    bark = rgb("#3b2620")
    limb = [(-0.05, 0.5), (0.18, 0.37), (0.42, 0.33), (0.66, 0.2), (0.95, 0.15)]
    branches = [
        limb,
        [(0.18, 0.37), (0.34, 0.22), (0.44, 0.07)],
        [(0.42, 0.33), (0.6, 0.37), (0.8, 0.34), (0.96, 0.38)],
        [(0.66, 0.2), (0.76, 0.09), (0.9, 0.03)],
        [(0.02, 0.46), (0.2, 0.55), (0.34, 0.57)],
    ]
    for number, branch in enumerate(branches):
        line = place(
            curve(
                [
                    (x + rng.uniform(-0.02, 0.02), y + rng.uniform(-0.015, 0.015)) if 0 < step else (x, y)
                    for step, (x, y) in enumerate(branch)
                ],
                12,
            )
        )
        for step, (start, end) in enumerate(zip(line, line[1:], strict=False)):
            canvas.line([start, end], bark, (0.026 if number == 0 else 0.013) * (1 - 0.75 * step / len(line)))
        for x, y in line[(8 if number == 0 else 4) :: 2]:
            for _ in range(2):
                bx, by = x + rng.gauss(0, 0.025), y + rng.gauss(0, 0.022)
                size = rng.uniform(0.009, 0.021)
                turn = rng.random()
                for petal in range(5):
                    angle = math.tau * (petal / 5 + turn)
                    canvas.disc(
                        bx + math.cos(angle) * size * 0.8,
                        by + math.sin(angle) * size * 0.8,
                        size * 0.68,
                        mix(pink, WHITE, 0.18 + 0.3 * (petal % 2)),
                    )
                canvas.disc(bx, by, size * 0.4, mix(pink, SON, 0.6))
                canvas.disc(bx, by, size * 0.18, HOE)
            if rng.random() < 0.4:
                canvas.disc(
                    x + rng.gauss(0, 0.02), y + rng.gauss(0, 0.02), 0.008, mix(light.leaf, HOE, 0.3), tall=0.018
                )
    for _ in range(18):
        canvas.disc(
            rng.uniform(0, canvas.wide),
            rng.uniform(0.3, 0.97),
            0.007,
            mix(pink, WHITE, 0.35),
            tall=0.0045,
            strength=0.9,
        )
    canvas.birds(canvas.wide * (0.3 if side else 0.7), 0.44, mix(light.near, INK, 0.3), 3)


def waterfall(canvas: Canvas) -> None:
    """Suối Mỡ falling in steps between rocks."""
    rng, light = canvas.rng, canvas.rng.choice((MORNING, NOON, RAIN))
    _sky(canvas, light, 0.4)
    _hills(canvas, light, 0.2, 0.3, 3, 0.06, 0.4)
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
    for side in (0.0, canvas.wide):
        for _ in range(4):
            x = abs(side - rng.uniform(0, 0.22))
            size = rng.uniform(0.05, 0.085)
            canvas.disc(x, 0.985, size * 1.5, mix(rock, INK, 0.45), tall=size * 0.8)
            canvas.disc(x - size * 0.2, 0.965, size * 1.1, mix(rock, INK, 0.2), tall=size * 0.5)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "yen-tu": yen_tu,
    "doi-vai": orchard,
    "song-thuong": river,
    "ho-cam-son": lake,
    "cho-vai": market,
    "lua-chin": terraces,
    "cau-dem": bridge,
    "khe-ro": forest,
    "nha-may": factories,
    "lang-que": village,
    "ruong-cay": fields,
    "le-hoi": festival,
    "doi-che": tea,
    "hoa-dao": blossom,
    "suoi-mo": waterfall,
}
