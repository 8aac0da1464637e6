"""The desk's pages of attempts: the list, one attempt with its times and seal, more time, annul and restore, singly or several at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, foresight, queries, sheets, words
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import unit_of_work
from contest.core.display import vietnam_time, vn_number
from contest.core.errors import BadInput, NotFound
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.rules import AttemptState
from contest.units import queries as units
from question_bank import answers

MOST_AT_ONCE = 100
PER_PAGE = 20
_ASKED = ("tim", "dot", "don-vi", "trang-thai", "khieu-nai", "page")


@dataclass(frozen=True)
class _Wanted:
    """What the address asks of the list."""

    search: str
    state: AttemptState | None
    round_id: int | None
    unit_id: int | None
    complained: bool

    def of_attempts(self) -> dict[str, Any]:
        """The same for the query."""
        unit_ids = units.descendants(self.unit_id) if self.unit_id else None
        return {
            "search": self.search,
            "state": self.state,
            "round_id": self.round_id,
            "unit_ids": unit_ids,
            "complained": self.complained,
        }

    def in_words(self) -> list[tuple[str, str]]:
        """The same for whoever reads its sheet."""
        titles = dict(queries.round_options(TrackKind.QUIZ, contests.the_contest().id)) if self.round_id else {}
        return [
            *([("Tìm", self.search)] if self.search else []),
            *([("Đợt", titles.get(self.round_id, "không có đợt này"))] if self.round_id else []),
            *([("Đơn vị", units.path(self.unit_id) or "không có đơn vị này")] if self.unit_id else []),
            *([("Trạng thái", sheets.STATES[self.state.value])] if self.state else []),
            *([("Khiếu nại", "có khiếu nại chờ")] if self.complained else []),
        ]


def _wanted() -> _Wanted:
    return _Wanted(
        search=asking.words(),
        state=asking.choice("trang-thai", AttemptState),
        round_id=asking.number("dot"),
        unit_id=asking.number("don-vi"),
        complained=asking.words("khieu-nai") == "cho",
    )


@bp.get("/luot-thi")
@organizer
def attempts() -> ResponseReturnValue:
    """Attempts by name, phone or receipt, by state, round, unit and waiting complaint; of one unit as many on a page as may be acted on at once."""
    wanted = _wanted()
    unit_id = wanted.unit_id
    page = quiz.attempts_page(
        page=asking.page(), per_page=MOST_AT_ONCE if unit_id else PER_PAGE, **wanted.of_attempts()
    )
    return render_template(
        "backoffice/attempts.html",
        page=page,
        search=wanted.search,
        state=wanted.state,
        round_id=wanted.round_id,
        unit_id=unit_id,
        complained=wanted.complained,
        narrowed=bool(wanted.in_words()),
        unit_choices=[(place.id, place.name) for place in units.top_level(vietnam_time(clock.now()).date())],
        asked=_asked(),
        round_options=queries.round_options(TrackKind.QUIZ, contests.the_contest().id),
        units={row.unit_id: queries.counted_as(row.unit_id) for row in page.rows},
    )


@bp.get(f"/luot-thi/<{ID}:attempt_id>")
@organizer
def attempts_show(attempt_id: int) -> ResponseReturnValue:
    """One attempt: who, times, how much was answered, receipt and seal, what was done with it."""
    row = quiz.attempt_by_id(attempt_id)
    return render_template(
        "backoffice/attempt.html",
        row=row,
        attempt=row.attempt,
        unit=units.path(row.unit_id) if row.unit_id else "",
        answered=answers.answered(row.attempt.answers),
        questions=len(row.attempt.answers),
        trail=quiz.trail_of(attempt_id),
        waiting=quiz.is_waiting(attempt_id),
        acts=queries.acts_on(f"attempt:{attempt_id}"),
        of_action=words.of_action,
    )


@bp.get("/luot-thi/tai-xlsx")
@organizer
def attempts_sheet() -> Response:
    """The attempts that the list was asked for, as a spreadsheet; that it was taken, and by what it was narrowed, is on the record."""
    wanted = _wanted()
    with unit_of_work():
        audit.record(
            "export.attempts",
            actor_id=access.actor_id(),
            subject=f"round:{wanted.round_id}" if wanted.round_id else f"contest:{contests.the_contest().id}",
            detail={"narrowed": [name for name, _ in wanted.in_words()]},
        )
    found = quiz.found_attempts(**wanted.of_attempts())
    return sheets.attempts(queries.attempts_for_sheet(found), wanted.in_words())


@bp.post(f"/luot-thi/<{ID}:attempt_id>/them-gio")
@organizer
def attempts_grant(attempt_id: int) -> ResponseReturnValue:
    """Give an open attempt more time."""
    reason, minutes = asking.reason(), asking.count("minutes")
    with unit_of_work():
        service.grant_time(
            attempt_id=attempt_id,
            minutes=minutes,
            actor_id=access.actor_id(),
            reason=reason,
            had=_had("seen"),
        )
    flash(f"Đã thêm {minutes} phút cho lượt thi này.", "success")
    return redirect(url_for("backoffice.attempts_show", attempt_id=attempt_id))


@bp.post(f"/luot-thi/<{ID}:attempt_id>/huy")
@organizer
def attempts_annul(attempt_id: int) -> ResponseReturnValue:
    """Take an attempt out of the ranking."""
    reason = asking.reason()
    if found := _moved(
        [attempt_id], lambda: service.annul(attempt_id=attempt_id, actor_id=access.actor_id(), reason=reason)
    ):
        back = url_for("backoffice.attempts_show", attempt_id=attempt_id)
        return foresight.page(found, heading="Hủy lượt thi: ai bị ảnh hưởng", verb="Vẫn hủy lượt thi", back=back)
    flash("Đã hủy lượt thi. Câu trả lời và biên nhận vẫn được giữ.", "success")
    return redirect(url_for("backoffice.attempts_show", attempt_id=attempt_id))


@bp.post(f"/luot-thi/<{ID}:attempt_id>/khoi-phuc")
@organizer
def attempts_restore(attempt_id: int) -> ResponseReturnValue:
    """Undo an annulment."""
    reason = asking.reason()
    if found := _moved(
        [attempt_id], lambda: service.restore(attempt_id=attempt_id, actor_id=access.actor_id(), reason=reason)
    ):
        back = url_for("backoffice.attempts_show", attempt_id=attempt_id)
        return foresight.page(found, heading="Khôi phục lượt thi: ai bị ảnh hưởng", verb="Vẫn khôi phục", back=back)
    flash("Đã khôi phục lượt thi.", "success")
    return redirect(url_for("backoffice.attempts_show", attempt_id=attempt_id))


@bp.post("/luot-thi/nhieu-luot")
@organizer
def attempts_several() -> ResponseReturnValue:
    """The same act on every attempt that was ticked: on all of them, or, when one refuses, on none."""
    act = request.form.get("act", "")
    if act not in ("grant", "annul"):
        raise BadInput("Không rõ việc cần làm.", kept="Chưa có gì thay đổi.")
    reason = asking.reason(f"reason_{act}")
    chosen = _chosen()
    actor_id = access.actor_id()
    minutes = asking.count("minutes") if act == "grant" else 0
    if act == "annul":
        found = _moved(chosen, lambda: service.annul_all(attempt_ids=_held(chosen), actor_id=actor_id, reason=reason))
        if found:
            back, count = url_for("backoffice.attempts", **_asked()), vn_number(len(chosen))
            heading, verb = f"Hủy {count} lượt thi: ai bị ảnh hưởng", f"Vẫn hủy {count} lượt thi"
            return foresight.page(found, heading=heading, verb=verb, back=back)
    else:
        with unit_of_work():
            for attempt_id in _held(chosen):
                service.grant_time(
                    attempt_id=attempt_id,
                    minutes=minutes,
                    actor_id=actor_id,
                    reason=reason,
                    had=_had(f"seen-{attempt_id}"),
                )
    done = "thêm giờ cho" if act == "grant" else "hủy"
    flash(f"Đã {done} {vn_number(len(chosen))} lượt thi.", "success")
    return redirect(url_for("backoffice.attempts", **_asked()))


def _asked() -> dict[str, Any]:
    """What the list was narrowed to, so that an act comes back to it."""
    return {name: request.args[name] for name in _ASKED if request.args.get(name)}


def _held(chosen: list[int]) -> list[int]:
    """The attempts that were ticked, held in the order of `hold`; raises NotFound when one is gone."""
    there = service.hold(attempt_ids=chosen)
    if len(there) < len(chosen):
        raise NotFound("Có lượt thi không còn.", kept="Chưa có gì thay đổi.", todo="Bạn tải lại trang.")
    return there


def _moved(attempt_ids: list[int], act: Callable[[], object]) -> list[foresight.Foreseen]:
    """Make the act, or return whom it would move in the closed rounds of these attempts."""
    about = quiz.rounds_and_people(attempt_ids)
    return foresight.made_or_foreseen([one for one, _ in about], act, people=[who for _, who in about])


def _chosen() -> list[int]:
    found = [asking.whole(value) for value in request.form.getlist("chosen")]
    chosen = sorted({number for number in found if number})
    if not chosen:
        raise BadInput(
            "Bạn chưa chọn lượt thi nào.", kept="Chưa có gì thay đổi.", todo="Bạn đánh dấu các lượt cần làm."
        )
    if len(chosen) > MOST_AT_ONCE:
        raise BadInput(f"Mỗi lần chỉ làm được {MOST_AT_ONCE} lượt.", kept="Chưa có gì thay đổi.")
    return chosen


def _had(name: str) -> int | None:
    """The extra seconds that the page showed for an attempt; None where the form does not say."""
    seen = request.form.get(name, "")
    return (asking.whole(seen) or 0) if seen else None
