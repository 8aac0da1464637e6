"""The desk's pages of rounds: every track's rounds, one round's rules in words, and open, close, extend, pause, resume, delete with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, bank_blueprint, parameters, queries, words
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.queries import RoundLoad
from contest.contests import queries as contests
from contest.contests import service as contests_service
from contest.contests.models import Round
from contest.contests.rules import Predicted, QuizParams, Reveal, RoundState, TieBreak, TrackKind
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.display import datetime_local, lower_first, parse_vn_datetime_local, vn_datetime, vn_number
from contest.core.errors import BadInput, Refused
from contest.judging import queries as judging
from contest.quiz import labels
from contest.quiz import queries as quiz
from contest.quiz import service as quiz_service
from contest.results import queries as results

_HURRY = timedelta(hours=2)


@dataclass(frozen=True)
class Line:
    """One round in the list, with what it would mean to change its hours now."""

    round: Round
    state: RoundState
    load: RoundLoad


@bp.get("/dot-thi")
@organizer
def rounds() -> ResponseReturnValue:
    """Every round of every track, with its state and what may be done to it."""
    now = clock.now()
    contest = contests.the_contest()
    loads = queries.loads_of_rounds()
    groups = [
        (track, [Line(round=found, state=found.state(now), load=loads[found.id]) for found in track.rounds])
        for track in contest.tracks
    ]
    return render_template("backoffice/rounds.html", groups=groups)


@bp.get(f"/dot-thi/<{ID}:round_id>")
@organizer
def rounds_show(round_id: int) -> ResponseReturnValue:
    """One round: hours, rule parameters in words, prizes, acts."""
    found = contests.round_by_id(round_id)
    now = clock.now()
    is_quiz = found.track.kind is TrackKind.QUIZ
    return render_template(
        "backoffice/round.html",
        round=found,
        state=found.state(now),
        lines=parameters.in_words(found),
        prizes=results.prizes_of(round_id),
        publication=results.standing_publication(round_id),
        load=queries.loads_of_rounds()[round_id],
        bank_size=sum(count for _, count in quiz.chapters(found.track.contest_id)),
        drawn=quiz.quiz_round(round_id) if is_quiz else None,
        seen=bank_blueprint.stamp(found) if is_quiz else "",
        acts=queries.acts_on(f"round:{round_id}"),
        of_action=words.of_action,
        pauses=contests.pauses([round_id]).get(round_id, []),
        changes=contests.rule_changes([round_id]).get(round_id, []),
        differences=labels.differences,
        used=quiz.is_sat(round_id),
        undone=_undone(found, now),
        now=now,
        later=datetime_local(_later(found.closes_at, now)),
        earliest=datetime_local(max(found.closes_at, now) + timedelta(minutes=1)),
    )


def _undone(found: Round, now: datetime) -> list[str]:
    """What an extension takes back of a quiz round that is over, and what people know all the same, a sentence each; the desk reads them before it extends."""
    params = found.rules
    if not isinstance(params, QuizParams) or not quiz.is_over(found, now):
        return []
    final, actual = quiz.settled(found, now)
    said = ["Đợt này đã đóng, gia hạn là mở lại."]
    if params.reveal_key is not Reveal.NEVER:
        said.append("Đáp án được giấu lại, nhưng ai đã nộp bài thì có thể đã xem và cho người khác biết.")
    if params.reveal_score is Reveal.AFTER_CLOSE:
        said.append("Điểm đã hiện được giấu lại đến lần đóng mới.")
    if params.prediction is not Predicted.NONE:
        answer = f" {vn_number(actual / params.scale, params.prediction_decimals)}" if actual is not None else ""
        said.append(
            f"Số người dự thi và đáp số câu dự đoán{answer} đã hiện công khai; đáp số được tính lại sau lần đóng mới."
        )
    if final:
        said.append("Bảng xếp hạng trở lại tạm tính; mọi hạng được xét lại sau lần đóng mới.")
        if TieBreak.LOT in params.order:
            said.append("Lần bốc thăm đã công bố bị bỏ; máy bốc lại sau lần đóng mới.")
    return said


def _later(closes_at: datetime, now: datetime) -> datetime:
    """The new close that is proposed: half an hour more in the last hours, when something has gone wrong; a day more otherwise."""
    hurry = timedelta() < closes_at - now < _HURRY
    return max(closes_at, now) + (timedelta(minutes=30) if hurry else timedelta(days=1))


@bp.post(f"/dot-thi/<{ID}:round_id>/mo")
@organizer
def rounds_open(round_id: int) -> ResponseReturnValue:
    """Open a round before its hour."""
    reason = asking.reason()
    with unit_of_work():
        found = contests_service.open_now(round_id=round_id, actor_id=access.actor_id(), reason=reason)
        title = found.title
    flash(f"Đã mở {lower_first(title)}.", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


@bp.post(f"/dot-thi/<{ID}:round_id>/dong")
@organizer
def rounds_close(round_id: int) -> ResponseReturnValue:
    """Close a round before its hour; attempts that the close cuts short are handed in by the sweep with what they hold."""
    reason = asking.reason()
    with unit_of_work():
        found = contests_service.close_now(round_id=round_id, actor_id=access.actor_id(), reason=reason)
        title = found.title
        changed = _follow(round_id)
    flash(f"Đã đóng {lower_first(title)}.{_moved(changed)}", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


@bp.post(f"/dot-thi/<{ID}:round_id>/tam-dung")
@organizer
def rounds_pause(round_id: int) -> ResponseReturnValue:
    """Let a round stand still."""
    reason = asking.reason()
    with unit_of_work():
        title = contests_service.pause(round_id=round_id, actor_id=access.actor_id(), reason=reason).title
    flash(f"Đã tạm dừng {lower_first(title)}. Đồng hồ của các lượt đang làm đứng lại.", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


@bp.post(f"/dot-thi/<{ID}:round_id>/thi-tiep")
@organizer
def rounds_resume(round_id: int) -> ResponseReturnValue:
    """Let a paused round go on; its close and every running clock move by the pause."""
    reason = asking.reason()
    with unit_of_work():
        found = contests.round_by_id(round_id)
        title, changed = found.title, 0
        if found.track.kind is TrackKind.QUIZ:
            changed = quiz_service.resume(round_id=round_id, actor_id=access.actor_id(), reason=reason)
        else:
            contests_service.resume(round_id=round_id, actor_id=access.actor_id(), reason=reason)
        close = vn_datetime(contests.round_by_id(round_id).closes_at)
    flash(f"{title} thi tiếp, giờ đóng lùi đến {close}.{_moved(changed)}", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


@bp.post(f"/dot-thi/<{ID}:round_id>/xoa")
@organizer
def rounds_delete(round_id: int) -> ResponseReturnValue:
    """Delete a round that nobody used."""
    reason = asking.reason()
    with unit_of_work():
        found = contests.round_by_id(round_id)
        title = f"{found.track.title}, {lower_first(found.title)}"
        if found.track.kind is TrackKind.QUIZ:
            quiz_service.forget_paper(round_id=round_id)
        contests_service.delete(round_id=round_id, actor_id=access.actor_id(), reason=reason)
    contests.forget()
    flash(f"Đã xóa {title}.", "success")
    return redirect(url_for("backoffice.rounds"))


@bp.post(f"/dot-thi/<{ID}:round_id>/gia-han")
@organizer
def rounds_extend(round_id: int) -> ResponseReturnValue:
    """Move a round's close later."""
    reason = asking.reason()
    try:
        until = parse_vn_datetime_local(request.form.get("until", ""))
    except ValueError:
        raise BadInput(
            "Giờ đóng mới chưa đúng.", kept="Chưa có gì thay đổi.", todo="Bạn quay lại và chọn ngày, giờ đóng mới."
        ) from None
    with unit_of_work():
        _must_close_as_seen(contests_service.locked(round_id), until)
        found = contests_service.extend(round_id=round_id, until=until, actor_id=access.actor_id(), reason=reason)
        _must_not_be_judged(round_id)
        title = found.title
        changed = _follow(round_id)
    flash(f"Đã gia hạn {lower_first(title)} đến {vn_datetime(until)}.{_moved(changed)}", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


def _must_close_as_seen(found: Round, until: datetime) -> None:
    """The round still closes when the page said, or when this press wants it to; raises Refused."""
    if asking.overtaken(found.closes_at.isoformat()):
        again = found.closes_at == until
        raise Refused(
            "Đợt này đã được gia hạn đến đúng giờ này."
            if again
            else f"Người khác vừa đổi giờ đóng của đợt này thành {vn_datetime(found.closes_at)} sau khi bạn mở trang.",
            kept="Giờ đóng đó giữ nguyên.",
            todo="" if again else "Bạn mở lại trang của đợt để xem, rồi gia hạn lại nếu vẫn cần.",
        )


def _must_not_be_judged(round_id: int) -> None:
    """A round whose entries are before judges, or whose result is public, takes no more: signed marks must not outlive what they were given for."""
    standing = results.standing_publication(round_id)
    if standing:
        raise Refused(
            f"Đợt này đã có Công bố số {standing.number:02d} nên không gia hạn được.",
            kept="Công bố và bài dự thi giữ nguyên.",
            todo="Muốn mở lại, bạn thu hồi công bố trước.",
        )
    if judging.is_assigned(round_id):
        raise Refused(
            "Bài của đợt này đã giao cho giám khảo nên không gia hạn được.",
            kept="Bài dự thi và phiếu chấm giữ nguyên.",
            todo="Bạn mở một đợt mới để nhận thêm bài.",
        )


@bp.post(f"/dot-thi/<{ID}:round_id>/chot-de")
@organizer
def rounds_prepare(round_id: int) -> ResponseReturnValue:
    """Freeze what a quiz round draws from: the bank as it stands now, by the blueprint that was frozen before."""
    contests.round_by_id(round_id, TrackKind.QUIZ)
    reason = asking.reason()
    with unit_of_work():
        found = contests_service.locked(round_id)
        bank_blueprint.must_be_seen(
            found, kept="Đề vừa chốt giữ nguyên.", todo="Bạn mở lại trang của đợt để xem, rồi chốt lại nếu vẫn cần."
        )
        frozen = quiz_service.prepare_round(
            round_id=round_id, actor_id=access.actor_id(), blueprint=bank_blueprint.standing(found), reason=reason
        )
        count = len(frozen.version_ids)
    flash(f"Đã chốt đề: {vn_number(count)} câu hỏi.", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


def _follow(round_id: int) -> int:
    """Let the open attempts of a quiz round follow its new close; says how many have another deadline now."""
    if contests.round_by_id(round_id).track.kind is not TrackKind.QUIZ:
        return 0
    return quiz_service.reset_deadlines(round_id=round_id)


def _moved(count: int) -> str:
    return f" {vn_number(count)} lượt thi đang làm đã đổi giờ kết thúc." if count else ""
