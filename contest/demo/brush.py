"""Drawing tools for the demo's pictures: a canvas whose height is 1, flat shapes, soft light, and things that grow or float."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageColor, ImageDraw

Colour = tuple[int, int, int]
Points = Sequence[tuple[float, float]]

_FINER = 2


def rgb(colour: str) -> Colour:
    """The three numbers of a written colour."""
    return ImageColor.getrgb(colour)[:3]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """One colour moved towards the other by this share."""
    share = min(1.0, max(0.0, share))
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def curve(points: Points, steps: int = 12) -> list[tuple[float, float]]:
    """A smooth line through the points."""
    ends = [points[0], *points, points[-1]]
    line: list[tuple[float, float]] = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            line.append(tuple(_through(b, s, e, a, t) for b, s, e, a in zip(before, start, end, after, strict=True)))  # type: ignore[arg-type]
    return [*line, points[-1]]


def _through(before: float, start: float, end: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t * t
        + (3 * start - before - 3 * end + after) * t**3
    )


@lru_cache(maxsize=4)
def _round_light(size: int = 256) -> Image.Image:
    axis = np.linspace(-1, 1, size)
    distance = np.hypot(axis[None, :], axis[:, None])
    return Image.fromarray((np.clip(1 - distance, 0, 1) ** 2 * 255).astype(np.uint8))


@lru_cache(maxsize=2)
def _grain_tile(size: int = 512) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 2.4, (size, size, 1)).astype(np.int16)


class Canvas:
    """A picture in the making. Height is 1, width is `wide`; x runs to the right and y downwards."""

    def __init__(self, width: int, height: int, rng: random.Random) -> None:
        self.rng = rng
        self.wide = width / height
        self._size = (width, height)
        self._unit = height * _FINER
        self._image = Image.new("RGB", (width * _FINER, height * _FINER))
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def finish(self) -> Image.Image:
        """The picture in its final size, with the faint grain of paper."""
        pixels = np.asarray(self._image.reduce(_FINER)).astype(np.int16)
        tile = _grain_tile()
        height, width = pixels.shape[:2]
        grain = np.tile(tile, (-(-height // 512), -(-width // 512), 1))[:height, :width]
        return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))

    def _at(self, points: Points) -> list[tuple[float, float]]:
        return [(x * self._unit, y * self._unit) for x, y in points]

    def fade(self, top: Colour, bottom: Colour, start: float = 0.0, end: float = 1.0) -> None:
        """Fill the whole width between two heights, one colour passing into the other."""
        strip = Image.fromarray(np.linspace(top, bottom, 256).round().astype(np.uint8)[:, None, :])
        upper, lower = round(start * self._unit), round(end * self._unit)
        self._image.paste(
            strip.resize((self._image.width, max(1, lower - upper)), Image.Resampling.BILINEAR), (0, upper)
        )

    def shape(self, points: Points, colour: Colour, strength: float = 1.0) -> None:
        """A flat shape; below full strength what lies behind shines through."""
        self._draw.polygon(self._at(points), fill=(*colour, round(255 * strength)))

    def disc(
        self, x: float, y: float, across: float, colour: Colour, *, tall: float | None = None, strength: float = 1.0
    ) -> None:
        """A disc or an ellipse with these half axes."""
        tall = across if tall is None else tall
        box = [value * self._unit for value in (x - across, y - tall, x + across, y + tall)]
        self._draw.ellipse(box, fill=(*colour, round(255 * strength)))

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, strength: float = 1.0) -> None:
        """An upright rectangle."""
        self.shape([(left, top), (right, top), (right, bottom), (left, bottom)], colour, strength)

    def line(self, points: Points, colour: Colour, width: float, strength: float = 1.0) -> None:
        """A line with round joints."""
        self._draw.line(
            self._at(points),
            fill=(*colour, round(255 * strength)),
            width=max(1, round(width * self._unit)),
            joint="curve",
        )

    def light(self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.6) -> None:
        """A soft round glow."""
        size = round(2 * radius * self._unit)
        mask = _round_light().point(lambda value: value * strength).resize((size, size), Image.Resampling.BILINEAR)
        corner = (round((x - radius) * self._unit), round((y - radius) * self._unit))
        self._image.paste(colour, (*corner, corner[0] + size, corner[1] + size), mask)

    def mist(self, y: float, thick: float, colour: Colour, strength: float = 0.6) -> None:
        """A band of mist, densest in its middle."""
        rise = np.sin(np.linspace(0, math.pi, 64)) ** 2 * 255 * strength
        upper, lower = round((y - thick / 2) * self._unit), round((y + thick / 2) * self._unit)
        mask = Image.fromarray(rise.astype(np.uint8)[:, None]).resize(
            (self._image.width, lower - upper), Image.Resampling.BILINEAR
        )
        self._image.paste(colour, (0, upper, self._image.width, lower), mask)

    def ridge(
        self,
        y: float,
        rise: float,
        colour: Colour,
        *,
        foot: Colour | None = None,
        bumps: float = 3.0,
        sharp: float = 0.0,
    ) -> list[tuple[float, float]]:
        """A range of hills from edge to edge down to the bottom, paling into `foot`; returns its skyline."""
        waves = [
            (bumps * scale, self.rng.uniform(0, math.tau), weight)
            for scale, weight in ((0.6, 0.5), (1.1, 0.34), (2.3, 0.16))
        ]
        skyline = []
        for step in range(181):
            x = self.wide * step / 180
            height = sum(weight * math.sin(count * x * 2.1 + phase) for count, phase, weight in waves)
            if sharp:
                height = (1 - sharp) * height + sharp * sum(
                    weight * (1 - 2 * abs(math.sin(count * x * 1.3 + phase))) for count, phase, weight in waves
                )
            skyline.append((x, y - rise * height))
        self.below(skyline, colour, foot)
        return skyline

    def below(self, skyline: Points, colour: Colour, foot: Colour | None = None, reach: float = 0.34) -> None:
        """Fill everything under a line, paling into `foot` over `reach`."""
        ground = [*skyline, (self.wide, 1.01), (0, 1.01)]
        if foot is None:
            self.shape(ground, colour)
            return
        top = max(0, math.floor(min(y for _, y in skyline) * self._unit))
        height = self._image.height - top
        if height <= 0:
            return
        mask = Image.new("L", (self._image.width, height))
        ImageDraw.Draw(mask).polygon([(x, y - top) for x, y in self._at(ground)], fill=255)
        ramp = np.clip(np.linspace(0, height / self._unit / reach, 256), 0, 1)[:, None]
        strip = (np.array(colour) * (1 - ramp) + np.array(foot) * ramp).round().astype(np.uint8)[:, None, :]
        self._image.paste(
            Image.fromarray(strip).resize((self._image.width, height), Image.Resampling.BILINEAR), (0, top), mask
        )

    def ripples(self, top: float, bottom: float, colour: Colour, count: int, strength: float = 0.5) -> None:
        """Short strokes on water, finer in the distance."""
        for _ in range(count):
            depth = self.rng.random()
            y = top + (bottom - top) * depth**1.3
            long = (0.03 + 0.13 * depth) * self.rng.uniform(0.5, 1.4)
            x = self.rng.uniform(-0.05, self.wide)
            thick = 0.0012 + 0.0026 * depth
            self.shape([(x, y), (x + long / 2, y - thick), (x + long, y), (x + long / 2, y + thick)], colour, strength)

    def glitter(self, x: float, top: float, bottom: float, colour: Colour, spread: float = 0.05) -> None:
        """The path of the sun or moon on water."""
        for step in range(46):
            depth = step / 45
            y = top + (bottom - top) * depth
            half = spread * (0.35 + depth) * self.rng.uniform(0.25, 1.0)
            middle = x + self.rng.uniform(-0.5, 0.5) * spread * (0.3 + depth)
            thick = 0.0018 + 0.0034 * depth
            self.shape(
                [(middle - half, y), (middle, y - thick), (middle + half, y), (middle, y + thick)],
                colour,
                0.75 - 0.35 * depth,
            )

    def sun(self, x: float, y: float, radius: float, colour: Colour, glow: Colour) -> None:
        """A flat sun in its glow."""
        self.light(x, y, radius * 5.5, glow, 0.75)
        self.disc(x, y, radius, colour)

    def clouds(self, y: float, colour: Colour, count: int = 3) -> None:
        """Flat clouds with rounded tops."""
        for _ in range(count):
            x, base = self.rng.uniform(0, self.wide), y + self.rng.uniform(-0.07, 0.07)
            size = self.rng.uniform(0.03, 0.06)
            for part in range(5):
                self.disc(
                    x + (part - 2) * size * 0.95,
                    base - size * 0.22 * (2 - abs(part - 2)),
                    size * (0.85 - 0.14 * abs(part - 2)),
                    colour,
                    tall=size * (0.46 - 0.08 * abs(part - 2)),
                    strength=0.85,
                )

    def birds(self, x: float, y: float, colour: Colour, count: int = 5, size: float = 0.012) -> None:
        """A skein of birds."""
        for place in range(count):
            side = 1 if place % 2 else -1
            bx = x + side * (place + 1) // 2 * size * 2.6 + self.rng.uniform(-0.3, 0.3) * size
            by = y + (place + 1) // 2 * size * 0.9
            wing = curve(
                [
                    (bx - size, by - size * 0.35),
                    (bx - size * 0.4, by - size * 0.5),
                    (bx, by),
                    (bx + size * 0.4, by - size * 0.5),
                    (bx + size, by - size * 0.35),
                ],
                6,
            )
            self.line(wing, colour, size * 0.16)
