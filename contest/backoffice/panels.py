"""The desk's pages of who judges what: a stage's panel, the judges of one entry, each by blind code alone."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts import queries as accounts
from contest.accounts.access import organizer
from contest.backoffice import asking, queries
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import RoundState
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import BadInput, NotFound
from contest.judging import queries as judging
from contest.judging import service
from contest.judging.models import Stage
from contest.judging.queries import Lack
from contest.judging.rules import COUNTED
from contest.results import queries as results

STAGE = f"/hoi-dong-cham/<{ID}:stage_id>"
_CODES_SHOWN = 5


@bp.get(f"{STAGE}/hoi-dong")
@organizer
def judging_panel(stage_id: int) -> ResponseReturnValue:
    """Who sits on the panel, who may come to it, and which entries lack judges."""
    stage = judging.stage_by_id(stage_id)
    progress = judging.progress(stage_id)
    on_it = {line.judge_id for line in progress if line.member}
    return render_template(
        "backoffice/panel.html",
        stage=stage,
        round=contests.round_by_id(stage.round_id),
        progress=progress,
        others=[judge for judge in accounts.judges() if judge.id not in on_it],
        lacks=lacks_of(stage),
        names={judge.id: judge.full_name for judge in judging.panel(stage_id)},
    )


@bp.post(f"{STAGE}/hoi-dong/them")
@organizer
def judging_panel_add(stage_id: int) -> ResponseReturnValue:
    """Put a judge on the panel."""
    reason, judge_id = asking.reason(), _chosen()
    with unit_of_work():
        name = service.add_judge(stage_id=stage_id, judge_id=judge_id, actor_id=access.actor_id(), reason=reason)
    lacks = lacks_of(judging.stage_by_id(stage_id))
    what_now = f" {told(lacks)} Bạn bấm Phân công đều để giao." if lacks else ""
    flash(f"Đã thêm {name} vào hội đồng.{what_now}", "success")
    return redirect(url_for("backoffice.judging_show", stage_id=stage_id))


@bp.post(f"{STAGE}/hoi-dong/<{ID}:account_id>/dua-ra")
@organizer
def judging_panel_remove(stage_id: int, account_id: int) -> ResponseReturnValue:
    """Take a judge from the panel."""
    reason = asking.reason()
    with unit_of_work():
        left = service.remove_judge(stage_id=stage_id, judge_id=account_id, actor_id=access.actor_id(), reason=reason)
    words = [f"Đã đưa {left.name} ra khỏi hội đồng."]
    if left.taken_back:
        words.append(
            f"{vn_number(left.taken_back)} phiếu chưa ký được thu lại, {vn_number(left.given)} phiếu đã giao cho giám khảo khác."
        )
    if left.signed:
        words.append(f"{vn_number(left.signed)} phiếu đã ký vẫn được tính.")
    lacks = lacks_of(judging.stage_by_id(stage_id))
    flash(" ".join([*words, told(lacks)]).strip(), "warning" if lacks else "success")
    return redirect(url_for("backoffice.judging_panel", stage_id=stage_id))


@bp.get(f"{STAGE}/bai/<{ID}:entry_id>")
@organizer
def judging_entry(stage_id: int, entry_id: int) -> ResponseReturnValue:
    """The judges of one entry by its blind code: their cards, and who may take it."""
    stage = judging.stage_by_id(stage_id)
    code = judging.entries_of(stage).get(entry_id)
    if code is None:
        raise NotFound("Bài này không thuộc vòng chấm.")
    cards = queries.cards_of(stage_id).get(entry_id, [])
    had = {card.judge_id for card in cards if card.state in COUNTED or card.conflict_reason}
    round_ = contests.round_by_id(stage.round_id)
    return render_template(
        "backoffice/panel_entry.html",
        stage=stage,
        round=round_,
        code=code,
        entry_id=entry_id,
        cards=cards,
        counted=[card for card in cards if card.state in COUNTED],
        free=[judge for judge in judging.panel(stage_id) if judge.id not in had],
        publication=results.standing_publication(stage.round_id),
        changeable=not stage.closed_at and round_.state(clock.now()) is RoundState.CLOSED,
    )


@bp.post(f"{STAGE}/bai/<{ID}:entry_id>/giao")
@organizer
def judging_give(stage_id: int, entry_id: int) -> ResponseReturnValue:
    """Give one entry to one judge, in place of another where one is named."""
    reason, judge_id = asking.reason(), _chosen()
    with unit_of_work():
        service.give(
            stage_id=stage_id,
            entry_id=entry_id,
            judge_id=judge_id,
            actor_id=access.actor_id(),
            reason=reason,
            instead_of=asking.whole(request.form.get("instead_of", "")),
        )
    flash("Đã giao bài. Giám khảo thấy bài trong danh sách chờ.", "success")
    return redirect(url_for("backoffice.judging_entry", stage_id=stage_id, entry_id=entry_id))


def lacks_of(stage: Stage) -> list[Lack]:
    """The entries of an open stage that lack judges; none while its round still takes entries or once the stage is closed."""
    if stage.closed_at or contests.round_by_id(stage.round_id).state(clock.now()) is not RoundState.CLOSED:
        return []
    return judging.lacking(stage)


def told(lacks: list[Lack]) -> str:
    """Which entries lack judges, in one or two sentences; nothing where none does."""
    stuck = [lack for lack in lacks if lack.stuck]
    words = f"Còn {vn_number(sum(lack.missing for lack in lacks))} lượt chấm chưa giao." if lacks else ""
    if stuck:
        words += f" Hội đồng không còn ai nhận được bài {codes(stuck)}: bạn thêm giám khảo vào hội đồng."
    return words


def codes(lacks: list[Lack]) -> str:
    """The first blind codes of entries, and how many more there are."""
    more = len(lacks) - _CODES_SHOWN
    return ", ".join(lack.blind_code for lack in lacks[:_CODES_SHOWN]) + (
        f" và {vn_number(more)} bài nữa" if more > 0 else ""
    )


def _chosen() -> int:
    found = asking.whole(request.form.get("judge_id", ""))
    if found is None:
        raise BadInput(
            "Bạn chưa chọn giám khảo.", kept="Chưa có gì thay đổi.", todo="Bạn quay lại và chọn một giám khảo."
        )
    return found
