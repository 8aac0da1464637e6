"""The desk's screens that make a quiz round, edit it before it opens, and change its rules afterwards: hours, rules, a look, and only then the act."""

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.round_forms import HOURS, RoundForm, RulesForm
from contest.contests import checks
from contest.contests import queries as contests
from contest.contests import service as contests_service
from contest.contests.models import Round, Track
from contest.contests.rules import QuizParams, RoundState, TrackKind, asks_other_papers, changed
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.display import lower_first, vietnam_time, vn_number
from contest.core.errors import BadInput, Refused
from contest.quiz import labels
from contest.quiz import queries as quiz
from contest.quiz import service as quiz_service
from contest.quiz.sentences import prediction_question, sentences
from contest.results import queries as results

SCREENS = ("times", "rules", "look", "done")
_WEEK = timedelta(days=7)


@bp.route("/dot-thi/moi", methods=["GET", "POST"])
@organizer
def rounds_new() -> ResponseReturnValue:
    """Make a quiz round in three screens; with ?tu= the rules and the length are those of an earlier round."""
    track = contests.track_of(TrackKind.QUIZ)
    form = RoundForm()
    if not form.is_submitted():
        _suggest(form, track)

    def make() -> int:
        opens_at, closes_at = form.hours()
        made = contests_service.create(
            track_id=track.id,
            title=form.title.data or "",
            opens_at=opens_at,
            closes_at=closes_at,
            params=form.params(),
            actor_id=access.actor_id(),
        )
        return made.id

    return _screens(
        form,
        track,
        make,
        title="Lập đợt thi trắc nghiệm",
        verb="Lập đợt thi",
        done="Đã lập đợt thi.",
        earlier=track.rounds,
    )


@bp.route(f"/dot-thi/<{ID}:round_id>/sua", methods=["GET", "POST"])
@organizer
def rounds_edit(round_id: int) -> ResponseReturnValue:
    """The same screens for a quiz round that has not opened."""
    found = contests.round_by_id(round_id, TrackKind.QUIZ)
    if found.state(clock.now()) is not RoundState.SOON:
        raise Refused("Đợt này đã mở nên không sửa tự do được nữa.", todo="Bạn dùng Gia hạn hoặc Điều chỉnh thể lệ.")
    form = RoundForm()
    if not form.is_submitted():
        form.show(_params(found))
        form.show_hours(title=found.title, opens_at=found.opens_at, closes_at=found.closes_at)

    def save() -> int:
        _must_be_seen(contests_service.locked(round_id))
        opens_at, closes_at = form.hours()
        names = contests_service.edit(
            round_id=round_id,
            title=form.title.data or "",
            opens_at=opens_at,
            closes_at=closes_at,
            params=form.params(),
            actor_id=access.actor_id(),
        )
        if asks_other_papers(names):
            quiz_service.forget_paper(round_id=round_id)
        return round_id

    return _screens(
        form,
        found.track,
        save,
        title=f"Sửa {lower_first(found.title)}",
        verb="Lưu đợt thi",
        done="Đã lưu đợt thi.",
        seen=lambda: _stamp(contests.round_by_id(round_id)),
    )


@bp.route(f"/dot-thi/<{ID}:round_id>/dieu-chinh-the-le", methods=["GET", "POST"])
@organizer
def rounds_change(round_id: int) -> ResponseReturnValue:
    """Change the rules of a round that has opened: the form, then what was and what will be, then the act with its public reason."""
    found = contests.round_by_id(round_id, TrackKind.QUIZ)
    state = found.state(clock.now())
    if state is RoundState.SOON:
        return redirect(url_for("backoffice.rounds_edit", round_id=round_id))
    before, begun, title = _params(found), quiz.is_sat(round_id), found.title
    form = RulesForm()
    if not form.is_submitted():
        form.show(before)
    differences: list[tuple[str, str, str]] = []
    problems: list[str] = []
    paper_goes = False
    if form.validate_on_submit():
        after = form.params()
        names = changed(before, after)
        length = (found.closes_at - found.opens_at).total_seconds()
        problems = checks.problems(after, round_seconds=length if "minutes" in names else None)
        if "attempts" in names:
            problems += checks.spent(after, quiz.most_used(round_id))
        if not names:
            problems.append("Chưa có mục nào khác thể lệ đang dùng.")
        if begun and set(names) & set(checks.AFTER_START):
            problems.append(
                "Đã có người vào thi nên không đổi được số câu, loại câu, cách xáo trộn, điểm mỗi câu và câu dự đoán; hãy để các mục đó như cũ."
            )
        if not problems:
            paper_goes = asks_other_papers(names) and quiz.quiz_round(round_id) is not None
            differences = _differences(before, after)
            if request.form.get("step") == "done":
                try:
                    return _change(round_id, title, after)
                except _Outdated as outdated:
                    form.form_errors.append(outdated.happened)
                    before = _params(contests.round_by_id(round_id))
                    differences = _differences(before, after)
    if request.form.get("step") == "rules":
        differences, problems = [], []
    form.form_errors.extend(problems)
    running = quiz.counts_by_state(round_id) if differences else {}
    page = render_template(
        "backoffice/round_change.html",
        form=form,
        round=found,
        state=state,
        begun=begun,
        differences=differences,
        running=sum(count for word, count in running.items() if word.value == "open"),
        seen=_stamp(contests.round_by_id(round_id)),
        paper_goes=paper_goes,
    )
    return page, 422 if form.errors else 200


def _change(round_id: int, title: str, after: QuizParams) -> ResponseReturnValue:
    reason = asking.reason()
    with unit_of_work():
        found = contests_service.locked(round_id)
        _must_be_seen(found)
        names = changed(_params(found), after)
        if results.standing_publication(round_id):
            raise Refused(
                "Đợt này đã công bố kết quả nên không điều chỉnh thể lệ được.",
                kept="Thể lệ và công bố giữ nguyên.",
                todo="Muốn điều chỉnh, bạn thu hồi công bố trước.",
            )
        change = contests_service.change_rules(
            round_id=round_id,
            params=after,
            actor_id=access.actor_id(),
            reason=reason,
            begun=quiz.is_sat(round_id),
            used=quiz.most_used(round_id) if "attempts" in names else 0,
        )
        moved = quiz_service.follow_rules(round_id=round_id, changed=change.after)
    also = f" {vn_number(moved)} lượt thi đang làm đã đổi giờ kết thúc." if moved else ""
    flash(f"Đã điều chỉnh thể lệ của {lower_first(title)}.{also}", "success")
    return redirect(url_for("backoffice.rounds_show", round_id=round_id))


def _screens(
    form: RoundForm,
    track: Track,
    act: Callable[[], int],
    *,
    title: str,
    verb: str,
    done: str,
    earlier: Sequence[Round] = (),
    seen: Callable[[], str] = str,
) -> ResponseReturnValue:
    """Show the screen that was asked for, or the first one on which something has to be mended; at the end, act. The rules of `earlier` rounds are offered.

    `seen` makes the mark of what stands by then, which a press that came too late has not seen.
    """
    asked = request.form.get("step", "times") if form.is_submitted() else "times"
    step, outdated = asked if asked in SCREENS else "times", False
    if step != "times" and form.is_submitted():
        step = _mended(form, step)
    if step == "done":
        try:
            with unit_of_work():
                round_id = act()
        except BadInput as error:
            form.form_errors.append(error.happened)
            step = "rules"
        except _Outdated as error:
            form.form_errors.append(error.happened)
            step, outdated = "look", True
        else:
            contests.forget()
            flash(done, "success")
            return redirect(url_for("backoffice.rounds_show", round_id=round_id))
    elif step == "times" and asked == "times":
        form.form_errors.clear()
    params = form.params() if step == "look" else None
    page = render_template(
        "backoffice/round_new.html",
        form=form,
        title=title,
        verb=verb,
        step=step,
        hours=HOURS,
        earlier=earlier,
        seen=request.form.get("seen", "") if form.is_submitted() and not outdated else seen(),
        taken=_taken(earlier),
        params=params,
        sentences=sentences(params) if params else [],
        question=prediction_question(params, form.title.data or "đợt này") if params else "",
        sample=quiz.sample_paper(track.contest_id, params, seed=secrets.randbits(32)) if params else [],
    )
    return page, 422 if form.errors and asked != "times" else 200


def _mended(form: RoundForm, step: str) -> str:
    """How far one may go: the screen asked for, or the one whose fields are wrong."""
    form.validate()
    wrong = {field.name for field in form if field.errors}
    if wrong & set(HOURS):
        return "times"
    if step == "rules":
        for field in form:
            field.errors = []
        return "rules"
    if wrong:
        return "rules"
    opens_at, closes_at = form.hours()
    problems = checks.problems(form.params(), round_seconds=(closes_at - opens_at).total_seconds())
    form.form_errors.extend(problems)
    return "rules" if problems else step


def _taken(rounds: Sequence[Round]) -> Round | None:
    """The round whose rules the address asks for."""
    return next((found for found in rounds if found.id == asking.number("tu")), None)


def _suggest(form: RoundForm, track: Track) -> None:
    """Rules and length of the round named in the address, else the usual rules for a week from tomorrow morning."""
    earlier = _taken(track.rounds)
    form.show(_params(earlier) if earlier else QuizParams())
    tomorrow = vietnam_time(clock.now() + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    last = max((found.closes_at for found in track.rounds), default=tomorrow)
    opens_at = max(tomorrow, last)
    length = earlier.closes_at - earlier.opens_at if earlier else _WEEK
    form.show_hours(title="", opens_at=opens_at, closes_at=opens_at + length)


def _differences(before: QuizParams, after: QuizParams) -> list[tuple[str, str, str]]:
    """What would be another rule: its name, what holds, what would hold."""
    return [(labels.LABELS[n], labels.value(n, before), labels.value(n, after)) for n in changed(before, after)]


class _Outdated(Refused):
    """Somebody else changed the round after the form was opened."""


def _must_be_seen(found: Round) -> None:
    """The round is still as the form that was filled in knew it; raises _Outdated. A press without the form's mark asks for nothing."""
    if asking.overtaken(_stamp(found)):
        raise _Outdated(
            "Người khác vừa sửa đợt này sau khi bạn mở trang. Bạn xem lại rồi bấm lần nữa nếu vẫn muốn đổi."
        )


def _stamp(found: Round) -> str:
    """A mark of what a round's form shows: another title, hour or parameter is another mark."""
    return asking.stamp(found.title, found.opens_at.isoformat(), found.closes_at.isoformat(), found.params)


def _params(found: Round) -> QuizParams:
    params = found.rules
    assert isinstance(params, QuizParams)
    return params
