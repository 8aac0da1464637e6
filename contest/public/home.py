"""The home page kept for a moment in each process, for visitors who are not signed in; the home route calls it.

At the hour when a round opens, thousands reload this page. Its HTML is the same for all of them, so each process makes it at most once
in KEPT and no older page is ever shown: a round that opens or closes by itself ends the copy at that very moment, a change made in this
process ends it at once, and one made in another process is seen after KEPT. The page's clocks run on in the browser.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Mapper

from contest.contests.models import Contest, Round, Track
from contest.results.models import Publication

KEPT = timedelta(seconds=5)
_SLOT = "kv_home"


@dataclass(frozen=True)
class _Copy:
    body: bytes
    made_at: datetime
    until: datetime


class _Slot:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.copy: _Copy | None = None

    def body_at(self, now: datetime) -> bytes | None:
        copy = self.copy
        return copy.body if copy and copy.made_at <= now < copy.until else None


def init_app(app: Flask) -> None:
    """Give this process an empty copy."""
    app.extensions[_SLOT] = _Slot()


def page(now: datetime, make: Callable[[], tuple[bytes, datetime | None]]) -> bytes:
    """The kept page, or a fresh one from `make`, which also says when it stops being true; one thread makes it, the others wait for it."""
    slot: _Slot = current_app.extensions[_SLOT]
    kept = slot.body_at(now)
    if kept:
        return kept
    with slot.lock:
        kept = slot.body_at(now)
        if not kept:
            kept, stale_at = make()
            slot.copy = _Copy(kept, now, min(now + KEPT, stale_at or now + KEPT))
        return kept


def forget(mapper: Mapper[object] | None = None, connection: object = None, row: object = None) -> None:
    """Make the page anew the next time it is asked for."""
    if has_app_context() and _SLOT in current_app.extensions:
        current_app.extensions[_SLOT].copy = None


for _model in (Contest, Track, Round, Publication):
    for _happening in ("after_insert", "after_update", "after_delete"):
        event.listen(_model, _happening, forget)
