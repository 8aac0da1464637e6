"""Use cases of a quiz round's rules: make a round, edit it before it opens, change its rules afterwards in everybody's sight, delete an unused one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contest.contests import checks
from contest.contests.models import Allowance, Round, RoundPause, RuleChange, Track
from contest.contests.rules import QuizParams, RoundState, changed
from contest.contests.service.hours import LONGEST_EXTENSION
from contest.contests.service.locking import locked, need
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused

LONGEST_TITLE = 100
_NOTHING = "Chưa có gì thay đổi."


def create(
    *, track_id: int, title: str, opens_at: datetime, closes_at: datetime, params: QuizParams, actor_id: int
) -> Round:
    """The track's next round, to open later; an empty title becomes its number. Raises BadInput for impossible hours or rules, or those of another."""
    if db.session.scalar(select(Track.id).where(Track.id == track_id).with_for_update()) is None:
        raise NotFound("Cuộc thi này không có phần thi đó.")
    _check(title, opens_at, closes_at, params)
    hours = (Round.track_id == track_id, Round.opens_at == opens_at, Round.closes_at == closes_at)
    if db.session.scalar(select(Round.id).where(*hours)):
        raise BadInput("Đã có một đợt mở và đóng đúng những giờ này.", kept=_NOTHING, todo="Bạn xem danh sách đợt thi.")
    number = (db.session.scalar(select(func.max(Round.number)).where(Round.track_id == track_id)) or 0) + 1
    made = Round(
        track_id=track_id,
        number=number,
        title=title.strip() or f"Đợt {number}",
        opens_at=opens_at,
        closes_at=closes_at,
        params=params.as_json(),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("round.create", actor_id=actor_id, subject=f"round:{made.id}", detail=_noted(made))
    return made


def edit(
    *, round_id: int, title: str, opens_at: datetime, closes_at: datetime, params: QuizParams, actor_id: int
) -> list[str]:
    """Give a round that has not opened another title, other hours or rules; returns the names of the parameters that changed.

    Raises Refused once it has opened, BadInput for impossible hours or rules.
    """
    found = locked(round_id)
    if found.state(clock.now()) is not RoundState.SOON:
        raise Refused(
            "Đợt này đã mở nên không sửa tự do được nữa.",
            kept=_NOTHING,
            todo="Bạn dùng Gia hạn để đổi giờ đóng, hoặc Điều chỉnh thể lệ: lý do được công bố cho mọi người.",
        )
    _check(title, opens_at, closes_at, params)
    before, names = _noted(found), changed(QuizParams.read(found.params), params)
    found.title = title.strip() or f"Đợt {found.number}"
    found.opens_at, found.closes_at = opens_at, closes_at
    found.params = params.as_json()
    db.session.flush()
    detail = {"before": before, "after": _noted(found)}
    audit.record("round.edit", actor_id=actor_id, subject=f"round:{round_id}", detail=detail)
    return names


def change_rules(
    *, round_id: int, params: QuizParams, actor_id: int, reason: str, begun: bool, used: int = 0
) -> RuleChange:
    """Change the rules of a round that has opened, for a reason that everybody reads.

    `begun` says whether somebody has an attempt, `used` how many of those that the rules give one person has begun at most.

    Raises BadInput without a reason, for impossible rules or when nothing differs; Refused before the opening, or for what papers already drawn,
    answers already given and attempts already used depend on.
    """
    need(reason)
    found = locked(round_id)
    if found.state(clock.now()) is RoundState.SOON:
        raise Refused("Đợt này chưa mở nên chưa cần điều chỉnh thể lệ.", kept=_NOTHING, todo="Bạn sửa thẳng đợt thi.")
    before = QuizParams.read(found.params)
    names = changed(before, params)
    # A round that was closed early may be shorter than an attempt of it; that is no fault of the other rules.
    length = (found.closes_at - found.opens_at).total_seconds()
    _possible(checks.problems(params, round_seconds=length if "minutes" in names else None))
    if not names:
        raise BadInput("Thể lệ mới giống hệt thể lệ đang dùng.", kept=_NOTHING, todo="Bạn sửa ít nhất một mục.")
    if begun and set(names) & set(checks.AFTER_START):
        raise Refused(
            "Đã có người vào thi nên không đổi được số câu, loại câu, cách xáo trộn, điểm mỗi câu và câu dự đoán.",
            kept=_NOTHING,
            todo="Bạn giữ nguyên các mục đó; muốn khác, bạn mở một đợt mới.",
        )
    too_few = checks.spent(params, used) if "attempts" in names else []
    if too_few:
        raise Refused(too_few[0], kept=_NOTHING, todo="Bạn để số lượt từ số đó trở lên.")
    old, new = before.as_json(), params.as_json()
    change = RuleChange(
        round_id=round_id,
        changed_at=clock.now(),
        actor_id=actor_id,
        reason=reason.strip(),
        before={name: old[name] for name in names},
        after={name: new[name] for name in names},
    )
    found.params = new
    db.session.add(change)
    db.session.flush()
    detail = {"before": change.before, "after": change.after}
    audit.record("round.change_rules", actor_id=actor_id, subject=f"round:{round_id}", reason=reason, detail=detail)
    return change


def delete(*, round_id: int, actor_id: int, reason: str) -> None:
    """Remove a round that nobody used; the track has removed what it drew. Raises Refused when anything still hangs on it."""
    need(reason)
    found = locked(round_id)
    noted = _noted(found)
    try:
        with db.session.begin_nested():
            for table in (RoundPause, RuleChange, Allowance):
                db.session.execute(sql_delete(table).where(table.round_id == round_id))
            db.session.delete(found)
            db.session.flush()
    except IntegrityError:
        raise Refused(
            "Đợt này đã có lượt thi, bài dự thi, giải thưởng hoặc công bố nên không xóa được.", kept=_NOTHING
        ) from None
    audit.record("round.delete", actor_id=actor_id, subject=f"round:{round_id}", reason=reason, detail=noted)


def _check(title: str, opens_at: datetime, closes_at: datetime, params: QuizParams) -> None:
    now = clock.now()
    found = []
    if len(title.strip()) > LONGEST_TITLE:
        found.append(f"Tên đợt dài quá {LONGEST_TITLE} ký tự.")
    if opens_at <= now:
        found.append("Giờ mở phải ở sau lúc này; đợt vừa lập chưa có đề nên không mở ngay được.")
    if closes_at <= opens_at:
        found.append("Giờ đóng phải sau giờ mở.")
    if max(opens_at, closes_at) > now + LONGEST_EXTENSION:
        found.append("Giờ mở và giờ đóng phải trong vòng hai năm tới.")
    seconds = (closes_at - opens_at).total_seconds()
    _possible([*found, *checks.problems(params, round_seconds=seconds if seconds > 0 else None)])


def _possible(problems: Sequence[str]) -> None:
    if problems:
        raise BadInput(" ".join(problems), kept=_NOTHING, todo="Bạn sửa lại rồi bấm lần nữa.")


def _noted(found: Round) -> dict[str, Any]:
    return {
        "title": found.title,
        "opens_at": found.opens_at.isoformat(),
        "closes_at": found.closes_at.isoformat(),
        "params": found.params,
    }
