"""Houses, roofs and towers of the demo's pictures; each drawn at its foot, in its size."""

from __future__ import annotations

from contest.demo.brush import Canvas, Colour, curve, mix, rgb
from contest.demo.things import HOE, INK


def house(canvas: Canvas, x: float, y: float, size: float, wall: Colour, roof: Colour, *, lit: bool = False) -> None:
    """A three-bay country house under a tiled roof."""
    canvas.box(x - size, y - size * 0.5, x + size, y, wall)
    canvas.box(x - size, y - size * 0.5, x + size, y - size * 0.4, mix(wall, INK, 0.3), 0.6)
    window = HOE if lit else mix(INK, rgb("#6b4a2e"), 0.5)
    for bay in (-0.62, 0.0, 0.62):
        canvas.box(
            x + (bay - 0.16) * size,
            y - size * 0.34,
            x + (bay + 0.16) * size,
            y if bay == 0 else y - size * 0.08,
            window,
        )
    canvas.shape(
        [
            (x - size * 1.2, y - size * 0.44),
            (x - size * 0.98, y - size * 0.98),
            (x + size * 0.98, y - size * 0.98),
            (x + size * 1.2, y - size * 0.44),
        ],
        roof,
    )
    for course in range(1, 4):
        height = y - size * (0.98 - 0.135 * course)
        reach = size * (0.98 + 0.055 * course)
        canvas.line([(x - reach, height), (x + reach, height)], mix(roof, INK, 0.25), size * 0.018)
    canvas.box(x - size * 1.02, y - size * 1.05, x + size * 1.02, y - size * 0.97, mix(roof, INK, 0.35))


def upturned_roof(canvas: Canvas, x: float, y: float, half: float, rise: float, colour: Colour) -> None:
    """The sweeping roof of a pagoda or communal house; `y` is its eaves."""
    left = curve(
        [
            (x - half * 1.22, y - rise * 0.34),
            (x - half, y),
            (x - half * 0.6, y - rise * 0.42),
            (x - half * 0.42, y - rise),
        ],
        8,
    )
    eaves = curve(
        [
            (x + half * 1.22, y - rise * 0.34),
            (x + half, y),
            (x + half * 0.5, y + rise * 0.1),
            (x - half * 0.5, y + rise * 0.1),
            (x - half, y),
        ],
        6,
    )
    right = [(2 * x - px, py) for px, py in reversed(left)]
    canvas.shape([*left, *right, *eaves], colour)
    canvas.line(eaves, mix(colour, HOE, 0.45), rise * 0.06)


def pagoda(canvas: Canvas, x: float, y: float, size: float, storeys: int, wall: Colour, roof: Colour) -> None:
    """A tower of storeys with upturned roofs and lit windows."""
    canvas.shape(
        [
            (x - size * 1.15, y),
            (x - size * 1.0, y - size * 0.14),
            (x + size * 1.0, y - size * 0.14),
            (x + size * 1.15, y),
        ],
        mix(wall, INK, 0.45),
    )
    base = y - size * 0.14
    for storey in range(storeys):
        shrink = 1 - storey * 0.62 / storeys
        half, tall = size * 0.66 * shrink, size * 0.46 * (1 - storey * 0.09)
        canvas.box(x - half, base - tall, x + half, base, wall)
        for post in (-0.92, -0.36, 0.36, 0.92):
            canvas.box(
                x + post * half - size * 0.022, base - tall, x + post * half + size * 0.022, base, mix(wall, INK, 0.5)
            )
        for bay in (-0.64, 0.64):
            canvas.box(
                x + bay * half - half * 0.15, base - tall * 0.7, x + bay * half + half * 0.15, base - tall * 0.28, HOE
            )
        canvas.box(
            x - half * 0.2, base - tall * 0.74, x + half * 0.2, base, HOE if storey == 0 else mix(HOE, wall, 0.35)
        )
        upturned_roof(canvas, x, base - tall * 0.88, half * 1.32, tall * 0.62, roof)
        base -= tall * 1.32
    canvas.line([(x, base + size * 0.1), (x, base - size * 0.34)], roof, size * 0.045)
    canvas.disc(x, base - size * 0.16, size * 0.06, HOE)
