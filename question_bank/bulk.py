"""Papers of many seeds at once, in NumPy: what `draw` would draw for each, without the order of the choices; grading a whole round uses it.

`draw` stays the recipe. Whatever cannot be done for all rows alike (quotas that overlap, a word that the recipe refuses) is drawn by it, one by one.
"""

from collections.abc import Sequence
from hashlib import shake_256
from typing import TYPE_CHECKING, Any

from question_bank.draw import LABEL, Blueprint, DrawError, PreparedBank, draw, feasibility

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ROWS = 4096


def draw_places(blueprint: Blueprint, bank: PreparedBank, seeds: "Sequence[int] | NDArray[np.int64]") -> "NDArray[Any]":
    """For each seed a row of places in `bank.items`, in the order of its paper: an array of shape (n, questions).

    Raises DrawError when the bank cannot fill the blueprint.
    """
    # NumPy is loaded here so that a web process, which grades nothing, starts without it.
    import numpy as np

    wanted = np.asarray(seeds, dtype=np.int64)
    found = np.empty((len(wanted), blueprint.count), dtype=np.uint16)
    shortfalls = feasibility(blueprint, bank)
    if shortfalls:
        raise DrawError(shortfalls)
    if not bank.plan(blueprint.quotas).disjoint or len(bank.items) > np.iinfo(np.uint16).max:
        found = found.astype(np.int64)
        for row, seed in enumerate(wanted.tolist()):
            found[row] = _one(blueprint, bank, seed)
        return found
    for start in range(0, len(wanted), _ROWS):
        part = wanted[start : start + _ROWS]
        found[start : start + _ROWS] = _several(blueprint, bank, part)
    return found


def _one(blueprint: Blueprint, bank: PreparedBank, seed: int) -> list[int]:
    return [item.place for item in draw(blueprint, bank, seed).items]


def _several(blueprint: Blueprint, bank: PreparedBank, seeds: "NDArray[np.int64]") -> "NDArray[Any]":
    import numpy as np

    plan = bank.plan(blueprint.quotas)
    steps = [min(quota.count, len(pool) - 1) for quota, pool in zip(plan.quotas, plan.pools, strict=True)]
    count = blueprint.count
    words = _words(seeds, sum(steps) + (count - 1 if blueprint.shuffle_questions else 0))
    refused = np.zeros(len(seeds), dtype=bool)
    filled: dict[int, Any] = {}
    column = 0
    for place in plan.order:
        pool = np.tile(np.asarray(plan.pools[place], dtype=np.uint16), (len(seeds), 1))
        filled[place] = _sampled(pool, words, column, steps[place], refused)[:, : plan.quotas[place].count]
        column += steps[place]
    parts = [filled[place] for place in range(len(plan.quotas))]
    if blueprint.shuffle_questions:
        found = _sampled(np.concatenate(parts, axis=1), words, column, count - 1, refused)
    else:
        found = np.concatenate([np.sort(part, axis=1) for part in parts], axis=1)
    for row in np.flatnonzero(refused).tolist():
        found[row] = _one(blueprint, bank, int(seeds[row]))
    return found


def _words(seeds: "NDArray[np.int64]", count: int) -> "NDArray[Any]":
    """The first words of each seed's stream, a column a word."""
    import numpy as np

    size = 4 * count
    heads = seeds.astype(">i8").tobytes()
    stream = b"".join([shake_256(LABEL + heads[at : at + 8]).digest(size) for at in range(0, len(heads), 8)])
    return np.ascontiguousarray(np.frombuffer(stream, dtype=">u4").reshape(len(seeds), count).T).astype(np.uint32)


def _sampled(pool: Any, words: "NDArray[Any]", column: int, steps: int, refused: "NDArray[np.bool_]") -> Any:
    """The first steps of a Fisher-Yates shuffle of every row of `pool`, in place; a row that met a refused word is marked."""
    import numpy as np

    rows, size = pool.shape
    flat = pool.reshape(-1)
    base = np.arange(rows, dtype=np.int64) * size
    for place in range(steps):
        bound, word = size - place, words[column + place]
        limit = 0x1_0000_0000 - 0x1_0000_0000 % bound
        if limit < 0x1_0000_0000:
            refused |= word >= np.uint32(limit)
        other = base + (place + (word % np.uint32(bound)).astype(np.int64))
        kept = flat[base + place]
        flat[base + place] = flat[other]
        flat[other] = kept
    return pool
