"""The hours of the day as colours, and the sky, sun and hills that most scenes begin with."""

from __future__ import annotations

from dataclasses import dataclass

from contest.demo.brush import Canvas, Colour, mix, rgb
from contest.demo.things import WHITE


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


def paint_sky(canvas: Canvas, light: Light, horizon: float, *, clouds: bool = True) -> None:
    canvas.fade(light.high, light.low, 0, horizon)
    canvas.fade(light.low, light.low, horizon - 0.01, 1)
    if clouds and canvas.rng.random() < 0.6:
        canvas.clouds(horizon * 0.35, mix(light.low, WHITE, 0.5), canvas.rng.randint(2, 4))


def paint_sun(canvas: Canvas, light: Light, height: float, size: float | None = None) -> float:
    x = canvas.wide * canvas.rng.choice((0.24, 0.3, 0.62, 0.7, 0.78)) + canvas.rng.uniform(-0.05, 0.05)
    canvas.sun(x, height, size or canvas.rng.uniform(0.065, 0.1), light.sun, light.glow)
    return x


def paint_hills(
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
