"""Pages of a board that all strangers share, kept for a moment in each process; the board and its route call it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

_FRESH = 10.0  # seconds
_MOST = 1000
_SLOT = "kv_board_kept"


@dataclass
class _Kept:
    at: float = 0.0
    value: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def kept_for_all(key: tuple[Any, ...], count: Callable[[], Any]) -> Any:
    """What `count` gives, counted by one thread at a time and at most every ten seconds; the others get what was counted last."""
    shelf: dict[tuple[Any, ...], _Kept] = current_app.extensions.setdefault(_SLOT, {})
    if len(shelf) >= _MOST and key not in shelf:
        for old in list(shelf)[: _MOST // 10]:
            shelf.pop(old, None)
    kept = shelf.setdefault(key, _Kept())
    if kept.at and time.monotonic() - kept.at < _FRESH:
        return kept.value
    if not kept.lock.acquire(blocking=not kept.at):
        return kept.value
    try:
        if not kept.at or time.monotonic() - kept.at >= _FRESH:
            kept.value, kept.at = count(), time.monotonic()
        return kept.value
    finally:
        kept.lock.release()
