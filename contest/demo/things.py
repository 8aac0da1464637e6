"""What stands in the demo's pictures: trees, boats, animals, a flag; each drawn at its foot, in its size."""

from __future__ import annotations

import math

from contest.demo.brush import Canvas, Colour, Points, curve, mix, rgb

INK = rgb("#2b211b")
WHITE = rgb("#fffaf0")
SON = rgb("#b8322a")
HOE = rgb("#e2b04a")


def lychee(
    canvas: Canvas, x: float, y: float, size: float, leaf: Colour, fruit: Colour = SON, ripe: float = 1.0
) -> None:
    """A lychee tree with a round crown, heavy with fruit."""
    rng = canvas.rng
    dark, bright = mix(leaf, INK, 0.22), mix(leaf, HOE, 0.22)
    canvas.disc(x + size * 0.15, y, size * 1.05, mix(leaf, INK, 0.5), tall=size * 0.13, strength=0.35)
    canvas.shape(
        [
            (x - size * 0.09, y),
            (x - size * 0.05, y - size * 0.7),
            (x + size * 0.05, y - size * 0.7),
            (x + size * 0.09, y),
        ],
        mix(INK, rgb("#7a5132"), 0.55),
    )
    crown = [(0, -0.85, 0.78), (-0.52, -0.66, 0.5), (0.52, -0.66, 0.5), (-0.3, -1.08, 0.48), (0.3, -1.08, 0.46)]
    for dx, dy, radius in crown:
        canvas.disc(x + dx * size, y + dy * size, radius * size, dark, tall=radius * size * 0.86)
    for dx, dy, radius in crown:
        canvas.disc(
            x + (dx - 0.06) * size, y + (dy - 0.09) * size, radius * size * 0.84, leaf, tall=radius * size * 0.7
        )
    canvas.disc(x - size * 0.3, y - size * 1.16, size * 0.3, bright, tall=size * 0.19, strength=0.7)
    for _ in range(round(15 * ripe)):
        angle, far = rng.uniform(0, math.tau), math.sqrt(rng.random()) * 0.72
        fx, fy = x + math.cos(angle) * far * size, y - size * 0.8 + math.sin(angle) * far * size * 0.74
        for _ in range(3):
            canvas.disc(
                fx + rng.uniform(-0.07, 0.07) * size,
                fy + rng.uniform(-0.05, 0.07) * size,
                size * 0.062,
                mix(fruit, INK, rng.uniform(0, 0.25)),
            )
        canvas.disc(fx - size * 0.02, fy - size * 0.02, size * 0.026, mix(fruit, WHITE, 0.5))


def round_tree(canvas: Canvas, x: float, y: float, size: float, leaf: Colour) -> None:
    """A plain broad-leaved tree."""
    canvas.box(x - size * 0.06, y - size * 0.9, x + size * 0.06, y, mix(INK, leaf, 0.3))
    for dx, dy, radius in ((0, -1.0, 0.66), (-0.42, -0.78, 0.42), (0.42, -0.8, 0.44), (0.05, -1.4, 0.42)):
        canvas.disc(x + dx * size, y + dy * size, radius * size, leaf)
    canvas.disc(x - size * 0.2, y - size * 1.3, size * 0.3, mix(leaf, HOE, 0.2), strength=0.6)


def spire(canvas: Canvas, x: float, y: float, tall: float, colour: Colour, slim: float = 0.13) -> None:
    """A forest tree seen as a leaf-shaped tower with a paler side."""
    half = tall * slim
    left = curve(
        [(x, y - tall), (x - half * 0.8, y - tall * 0.6), (x - half, y - tall * 0.22), (x - half * 0.35, y)], 6
    )
    right = curve(
        [(x, y - tall), (x + half * 0.8, y - tall * 0.6), (x + half, y - tall * 0.22), (x + half * 0.35, y)], 6
    )
    canvas.shape([*left, *reversed(right)], colour)
    canvas.shape([(x, y - tall), *right, (x, y)], mix(colour, INK, 0.14), 0.7)


def areca(canvas: Canvas, x: float, y: float, tall: float, leaf: Colour) -> None:
    """An areca palm: a slender ringed stem with a small crown."""
    lean = canvas.rng.uniform(-0.05, 0.05) * tall
    stem = curve([(x, y), (x + lean * 0.3, y - tall * 0.5), (x + lean, y - tall)], 8)
    canvas.line(stem, mix(leaf, WHITE, 0.25), tall * 0.03)
    top_x, top_y = stem[-1]
    canvas.line([(top_x, top_y), (top_x, top_y - tall * 0.08)], leaf, tall * 0.035)
    for angle in (-2.9, -2.45, -2.0, -1.57, -1.15, -0.7, -0.25):
        reach = tall * 0.3
        end = (
            top_x + math.cos(angle) * reach,
            top_y - tall * 0.07 + math.sin(angle) * reach * 0.62 + abs(math.cos(angle)) * reach * 0.35,
        )
        middle = (top_x + math.cos(angle) * reach * 0.55, top_y - tall * 0.1 + math.sin(angle) * reach * 0.62)
        spine = curve([(top_x, top_y - tall * 0.07), middle, end], 7)
        lower = [
            (px, py + tall * 0.045 * math.sin(math.pi * place / (len(spine) - 1)))
            for place, (px, py) in enumerate(spine)
        ]
        canvas.shape([*spine, *reversed(lower)], leaf if angle < -1.57 else mix(leaf, INK, 0.15))


def bamboo(canvas: Canvas, x: float, y: float, tall: float, leaf: Colour, bend: float) -> None:
    """A bamboo stem that bends over, with hanging leaves."""
    stem = curve([(x, y), (x + bend * 0.15, y - tall * 0.55), (x + bend, y - tall)], 16)
    canvas.line(stem, leaf, tall * 0.011)
    for place, (px, py) in enumerate(stem[12:]):
        for side in (-1, 1):
            length = tall * 0.085 * (0.7 + 0.5 * canvas.rng.random())
            angle = math.pi / 2 - side * (0.5 + 0.35 * canvas.rng.random())
            end = (px + math.cos(angle) * length, py + math.sin(angle) * length)
            middle = ((px + end[0]) / 2 + side * length * 0.13, (py + end[1]) / 2)
            canvas.shape(
                [(px, py), middle, end, ((px + end[0]) / 2, (py + end[1]) / 2 + length * 0.05)],
                mix(leaf, HOE, 0.12 * (place % 3)),
            )


def sampan(
    canvas: Canvas, x: float, y: float, size: float, *, facing: int = 1, rower: bool = True, hood: Colour | None = None
) -> None:
    """A small boat, with a mat hood or without, a rower in a conical hat, and its shadow on the water."""
    canvas.disc(x, y + size * 0.12, size * 1.05, INK, tall=size * 0.06, strength=0.22)
    hull = curve(
        [
            (x - size * 1.1, y - size * 0.16),
            (x - size * 0.6, y + size * 0.1),
            (x + size * 0.6, y + size * 0.1),
            (x + size * 1.1, y - size * 0.2),
        ],
        8,
    )
    deck = curve([(x + size * 1.1, y - size * 0.2), (x, y - size * 0.02), (x - size * 1.1, y - size * 0.16)], 8)
    canvas.shape([*hull, *deck], rgb("#3b2418"))
    canvas.line(deck, rgb("#a8703c"), size * 0.03)
    if hood is not None:
        arch = curve(
            [
                (x - size * 0.46, y),
                (x - size * 0.4, y - size * 0.3),
                (x, y - size * 0.42),
                (x + size * 0.4, y - size * 0.3),
                (x + size * 0.46, y),
            ],
            8,
        )
        canvas.shape(arch, hood)
        canvas.line(arch, mix(hood, INK, 0.4), size * 0.03)
        for rib in (-0.2, 0.02, 0.24):
            canvas.line([(x + rib * size, y - size * 0.38), (x + rib * size, y)], mix(hood, INK, 0.25), size * 0.02)
    if rower:
        px = x + facing * size * 0.74
        canvas.shape(
            [
                (px - size * 0.1, y - size * 0.08),
                (px - size * 0.07, y - size * 0.42),
                (px + size * 0.07, y - size * 0.42),
                (px + size * 0.1, y - size * 0.08),
            ],
            SON,
        )
        canvas.disc(px, y - size * 0.48, size * 0.065, rgb("#8a5a3a"))
        canvas.shape(
            [(px - size * 0.19, y - size * 0.49), (px, y - size * 0.66), (px + size * 0.19, y - size * 0.49)], HOE
        )
        canvas.line(
            [(px - facing * size * 0.05, y - size * 0.36), (px + facing * size * 0.62, y + size * 0.2)],
            INK,
            size * 0.03,
        )


def buffalo(canvas: Canvas, x: float, y: float, size: float, *, facing: int = 1, rider: bool = False) -> None:
    """A water buffalo, with a child on its back or without."""
    hide = rgb("#3d3733")

    def turn(points: Points) -> list[tuple[float, float]]:
        return [(x + facing * px * size, y + py * size) for px, py in points]

    for leg in (-0.72, -0.5, 0.34, 0.54):
        canvas.shape(
            turn([(leg, -0.5), (leg + 0.16, -0.5), (leg + 0.12, 0), (leg + 0.02, 0)]),
            mix(hide, INK, 0.3 if leg in (-0.5, 0.34) else 0),
        )
    body = [
        (-0.86, -0.5),
        (-0.84, -0.92),
        (-0.4, -1.06),
        (0.1, -1.0),
        (0.5, -1.08),
        (0.78, -0.9),
        (0.7, -0.56),
        (0.2, -0.34),
        (-0.4, -0.36),
        (-0.86, -0.5),
    ]
    canvas.shape(turn(curve(body, 7)), hide)
    head = [(0.66, -1.0), (0.96, -0.98), (1.2, -0.62), (1.16, -0.44), (1.02, -0.44), (0.8, -0.66), (0.66, -1.0)]
    canvas.shape(turn(curve(head, 6)), hide)
    canvas.line(turn(curve([(0.86, -0.98), (0.72, -1.2), (0.42, -1.26)], 6)), mix(hide, WHITE, 0.5), size * 0.055)
    canvas.line(turn(curve([(0.92, -0.97), (0.98, -1.2), (0.78, -1.36)], 6)), mix(hide, WHITE, 0.35), size * 0.05)
    canvas.line(turn(curve([(-0.85, -0.8), (-0.98, -0.5), (-0.92, -0.24)], 6)), hide, size * 0.04)
    if rider:
        canvas.shape(turn([(-0.2, -1.0), (-0.14, -1.42), (0.1, -1.42), (0.16, -1.0)]), rgb("#2f5f8f"))
        canvas.disc(x - facing * 0.02 * size, y - 1.52 * size, size * 0.11, rgb("#8a5a3a"))
        canvas.shape(turn([(-0.3, -1.54), (-0.02, -1.8), (0.26, -1.54)]), HOE)


def egret(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A white egret with its wings spread."""
    body = curve(
        [
            (x - size, y + size * 0.1),
            (x - size * 0.2, y - size * 0.05),
            (x + size * 0.5, y),
            (x + size * 0.95, y - size * 0.12),
        ],
        6,
    )
    canvas.line(body, WHITE, size * 0.13)
    canvas.shape(
        curve(
            [
                (x - size * 0.2, y),
                (x - size * 0.25, y - size * 0.5),
                (x + size * 0.1, y - size * 0.86),
                (x + size * 0.16, y - size * 0.3),
                (x + size * 0.28, y),
            ],
            6,
        ),
        WHITE,
    )
    canvas.line([(x + size * 0.92, y - size * 0.12), (x + size * 1.14, y - size * 0.08)], HOE, size * 0.06)


def flag(canvas: Canvas, x: float, y: float, tall: float, colours: tuple[Colour, ...]) -> None:
    """A square festival flag of five colours with a toothed edge, on its pole."""
    canvas.line([(x, y), (x, y - tall)], mix(INK, rgb("#7a5132"), 0.6), tall * 0.018)
    side = tall * 0.36
    top = y - tall * 0.98
    for ring, colour in enumerate(colours):
        inset = side * 0.1 * ring
        wave = side * 0.05
        canvas.shape(
            curve(
                [
                    (x + inset, top + inset),
                    (x + side / 2, top + inset - wave),
                    (x + side - inset, top + inset + wave),
                    (x + side - inset, top + side - inset),
                    (x + side / 2, top + side - inset - wave),
                    (x + inset, top + side - inset),
                ],
                4,
            ),
            colour,
        )
