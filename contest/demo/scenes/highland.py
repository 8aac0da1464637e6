"""A tower in the mist and a branch of blossom before the hills."""

from __future__ import annotations

import math
from itertools import pairwise

from contest.demo.brush import Canvas, curve, mix, rgb
from contest.demo.buildings import house, pagoda
from contest.demo.scenes.light import DAWN, DUSK, GOLDEN, MORNING, RAIN, paint_hills, paint_sky, paint_sun
from contest.demo.things import HOE, INK, SON, WHITE, spire


def yen_tu(canvas: Canvas) -> None:
    """A tower on a ridge of Tây Yên Tử, above and below the mist."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, RAIN, GOLDEN, DUSK))
    paint_sky(canvas, light, 0.62, clouds=False)
    paint_sun(canvas, light, rng.uniform(0.2, 0.32), rng.uniform(0.085, 0.12))
    paint_hills(canvas, light, 0.42, 0.74, 5, 0.12, 0.45)
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


def blossom(canvas: Canvas) -> None:
    """A branch of peach blossom before the hills of the highlands."""
    rng, light = canvas.rng, canvas.rng.choice((DAWN, RAIN, MORNING))
    paint_sky(canvas, light, 0.66, clouds=False)
    paint_sun(canvas, light, rng.uniform(0.26, 0.36), rng.uniform(0.09, 0.12))
    paint_hills(canvas, light, 0.5, 0.82, 5, 0.09, 0.35)
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
                    (x + rng.uniform(-0.02, 0.02), y + rng.uniform(-0.015, 0.015)) if step > 0 else (x, y)
                    for step, (x, y) in enumerate(branch)
                ],
                12,
            )
        )
        for step, (start, end) in enumerate(pairwise(line)):
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
