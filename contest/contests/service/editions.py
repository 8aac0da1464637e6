"""Use cases of a contest as a whole: make one with its tracks, and say anew what it is called, who runs it and what its regulations are; the operator's commands call it."""

from collections.abc import Iterable

from sqlalchemy import select

from contest.contests import queries
from contest.contests.models import Contest, Track
from contest.contests.rules import Letterhead, TrackKind, letterhead_for
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.core.vietnamese import fold

TRACKS = {
    TrackKind.ESSAY: ("Thi viết", "Bài viết gửi trực tuyến, chấm kín phách."),
    TrackKind.QUIZ: ("Thi trắc nghiệm", "Trả lời câu hỏi trực tuyến trong thời gian quy định."),
    TrackKind.PHOTO: ("Thi ảnh", "Tác phẩm ảnh gửi trực tuyến, chấm kín tên tác giả."),
}
FIELDS = ("title", "organizer_name", "parent_body", "letterhead", "summary", "phone", "email", "regulations")
_ASKED_OF_ALL = ["birth_date", "sex", "occupation", "unit"]
_NAMED = ("title", "organizer_name")
_LONGEST_SLUG = 60


def create_contest(*, words: dict[str, str], tracks: Iterable[TrackKind], actor_id: int | None = None) -> Contest:
    """The contest that all pages show from now on, with these tracks and no round yet. `words` are some of FIELDS.

    Raises BadInput without a title, an organiser or a track, and for words that are too long; Refused when a contest of that name stands already.
    """
    wanted = [kind for kind in TRACKS if kind in set(tracks)]
    if not wanted:
        raise BadInput("Cuộc thi cần ít nhất một phần thi.")
    fitting = _fitting(words)
    for name in _NAMED:
        if not fitting.get(name):
            raise BadInput("Cuộc thi cần có tên và đơn vị tổ chức.")
    words_of_title = "".join(c if c.isalnum() else " " for c in fold(fitting["title"])).split()
    if not words_of_title:
        raise BadInput("Tên cuộc thi cần có chữ hoặc số.")
    if db.session.scalar(select(Contest.id).where(Contest.title == fitting["title"])):
        raise Refused("Đã có một cuộc thi mang tên này.", todo="Bạn đặt tên khác, chẳng hạn thêm năm.")
    fitting.setdefault("letterhead", letterhead_for(fitting["organizer_name"], fitting.get("parent_body", "")))
    slug = _free_slug("-".join(words_of_title))
    made = Contest(slug=slug, identity_fields=_ASKED_OF_ALL, created_at=clock.now(), **fitting)
    made.tracks = [
        Track(kind=kind, title=TRACKS[kind][0], summary=TRACKS[kind][1], position=place)
        for place, kind in enumerate(wanted, 1)
    ]
    db.session.add(made)
    db.session.flush()
    queries.forget()
    detail = {"title": made.title, "tracks": [kind.value for kind in wanted]}
    audit.record("contest.create", actor_id=actor_id, subject=f"contest:{made.id}", detail=detail)
    return made


def describe_contest(*, words: dict[str, str], reason: str, actor_id: int | None = None) -> list[str]:
    """Give the running contest other words for these FIELDS; returns the names of those that changed.

    Raises NotFound without a contest, BadInput for empty names, words that are too long and a missing reason.
    """
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    newest = select(Contest).order_by(Contest.id.desc()).limit(1).with_for_update()
    found = db.session.scalar(newest)
    if found is None:
        raise NotFound("Chưa có cuộc thi nào.")
    fitting = _fitting(words)
    if any(name in fitting and not fitting[name] for name in _NAMED):
        raise BadInput("Cuộc thi cần có tên và đơn vị tổ chức.", kept="Chưa có gì thay đổi.")
    changed = [name for name, value in fitting.items() if getattr(found, name) != value]
    # The regulations are long and public, so the record only says that they changed.
    before = {name: getattr(found, name) for name in changed if name != "regulations"}
    for name in changed:
        setattr(found, name, fitting[name])
    db.session.flush()
    queries.forget()
    if changed:
        after = {name: fitting[name] for name in before}
        detail = {"changed": changed, "before": before, "after": after}
        audit.record("contest.describe", actor_id=actor_id, subject=f"contest:{found.id}", reason=reason, detail=detail)
    return changed


def _free_slug(wanted: str) -> str:
    """The title's words as far as they fit, with a number where an edition before has them already."""
    taken = set(db.session.scalars(select(Contest.slug)))
    tails = ["", *(f"-{number}" for number in range(2, len(taken) + 2))]
    slugs = (wanted[: _LONGEST_SLUG - len(tail)].strip("-") + tail for tail in tails)
    return next(slug for slug in slugs if slug not in taken)


def _fitting(words: dict[str, str]) -> dict[str, str]:
    """The words as they are kept; raises BadInput for those that do not fit."""
    kept = {name: words[name].strip() for name in FIELDS if name in words}
    for name, value in kept.items():
        longest = getattr(Contest.__table__.c[name].type, "length", None)
        if longest and len(value) > longest:
            raise BadInput(f"“{value[:40]}…” dài quá {longest} ký tự.", kept="Chưa có gì thay đổi.")
    if kept.get("letterhead", Letterhead.STATE) not in set(Letterhead):
        raise BadInput("Thể thức văn bản là của Nhà nước hoặc của Đảng.", kept="Chưa có gì thay đổi.")
    if "letterhead" in kept:
        kept["letterhead"] = Letterhead(kept["letterhead"])
    return kept
