"""Where the public pages lead in the rooms below: a track's page, an attempt, an entry; used by the routes of this room.

A page that is not there (yet) is not linked to.
"""

from flask import current_app, url_for

from contest.contests.rules import RoundState, TrackKind
from contest.entries.models import Entry
from contest.entries.rules import EntryState
from contest.public.queries import TrackCard
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState

Link = tuple[str, str]
_HOMES = {TrackKind.QUIZ: "quiz.track", TrackKind.ESSAY: "essay.track", TrackKind.PHOTO: "photo.track"}
_VERBS = {TrackKind.QUIZ: "Vào thi", TrackKind.ESSAY: "Viết bài dự thi", TrackKind.PHOTO: "Gửi ảnh dự thi"}
_READ = "Xem thể lệ phần này"


def of_track(card: TrackCard) -> Link:
    """The address and the verb of a track's button: take part while it is open, else read about it."""
    kind = card.track.kind
    regulations = url_for("public.regulations", _anchor=f"phan-{kind.value}")
    if card.state is RoundState.OPEN:
        return _address(_HOMES[kind]) or regulations, _VERBS[kind]
    if card.state in (RoundState.PAUSED, RoundState.CLOSED) and kind is TrackKind.QUIZ:
        board = _address("quiz.leaderboard")
        return (board, "Xem bảng xếp hạng") if board else (regulations, _READ)
    if card.state is RoundState.CLOSED and kind is TrackKind.PHOTO:
        gallery = _address("photo.gallery")
        return (gallery, "Xem thư viện ảnh") if gallery else (regulations, _READ)
    return regulations, _READ


def of_quiz() -> Link:
    """Where one begins the quiz."""
    return _address(_HOMES[TrackKind.QUIZ]) or url_for("public.home"), "Xem thi trắc nghiệm"


def of_attempt(attempt: Attempt) -> Link | None:
    """On with an open attempt, or what came of a finished one."""
    if attempt.state is AttemptState.OPEN:
        address, words = _address("quiz.attempt", attempt_id=attempt.id), "Làm tiếp"
    else:
        address, words = _address("quiz.result", attempt_id=attempt.id), "Xem kết quả"
    return (address, words) if address else None


def of_entry(entry: Entry) -> Link | None:
    """On with a draft, or the receipt of what was handed in."""
    room = entry.kind.value
    if entry.state is EntryState.DRAFT:
        address, words = _address(f"{room}.edit", entry_id=entry.id) or _address(_HOMES[entry.kind]), "Làm tiếp"
    else:
        address, words = _address(f"{room}.receipt", entry_id=entry.id) or _address(_HOMES[entry.kind]), "Xem bài"
    return (address, words) if address else None


def _address(endpoint: str, **values: int) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None  # type: ignore[arg-type]
