"""The places that the demo's pictures show; each scene paints one place in one light on a canvas."""

from __future__ import annotations

from collections.abc import Callable

from contest.demo.brush import Canvas
from contest.demo.scenes.highland import blossom, yen_tu
from contest.demo.scenes.land import fields, orchard, tea, terraces
from contest.demo.scenes.town import bridge, factories, market
from contest.demo.scenes.village import festival, village
from contest.demo.scenes.water import forest, lake, river, waterfall

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
