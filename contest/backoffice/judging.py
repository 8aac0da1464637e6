"""The desk's pages of judging: stages, opening one with its rubric and panel, even assignment, progress, marks, giving back a scorecard, the end of a stage."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts import queries as accounts
from contest.accounts.access import organizer
from contest.backoffice import asking, compared, panels, queries, words
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.entries import PAGE_OF_KIND
from contest.backoffice.forms import StageForm
from contest.contests import queries as contests
from contest.contests import service as contests_service
from contest.contests.models import Round
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import BadInput, Refused
from contest.judging import queries as judging_queries
from contest.judging import service
from contest.judging.models import Stage
from contest.judging.rules import AssignmentState, cuts
from contest.results import queries as results


@bp.get("/hoi-dong-cham")
@organizer
def judging() -> ResponseReturnValue:
    """Every stage with its progress, and the rounds that have none."""
    now = clock.now()
    stages = judging_queries.all_stages()
    judged = _judged_rounds()
    loads = queries.loads_of_rounds()
    return render_template(
        "backoffice/judging.html",
        stages=stages,
        rounds={round_.id: round_ for round_ in judged},
        states={round_.id: round_.state(now) for round_ in judged},
        cards=queries.cards_by_stage(),
        missing=queries.missing_assignments(),
        without=[
            (round_, round_.state(now), loads[round_.id].handed_in)
            for round_ in judged
            if round_.id not in {stage.round_id for stage in stages}
        ],
        has_judges=bool(accounts.judges()),
    )


@bp.route("/hoi-dong-cham/lap", methods=["GET", "POST"])
@organizer
def judging_new() -> ResponseReturnValue:
    """Set up a stage: round, title, criteria, panel."""
    rounds = _judged_rounds()
    judges = accounts.judges()
    form = StageForm()
    form.offer(rounds=rounds, judges=judges)
    asked = asking.number("dot")
    if not form.is_submitted() and asked:
        form.suggest(next((round_ for round_ in rounds if round_.id == asked), None))
    before = _last_judged(form.round_id.data)
    if form.validate_on_submit() and (before is None or form.must_say_who_goes_on()):
        try:
            with unit_of_work():
                _must_follow_as_seen(form.round_id.data)
                stage = service.open_stage(
                    round_id=form.round_id.data,
                    title=form.title.data,
                    rubric=form.rubric(),
                    judge_ids=form.judges.data,
                    judges_per_entry=form.per_entry.data or 0,
                    actor_id=access.actor_id(),
                    reason=form.reason.data,
                    top=form.wanted() if before else None,
                )
                _must_not_be_published(stage.round_id, "lập vòng chấm")
        except (BadInput, Refused) as error:
            form.form_errors.append(f"{error.happened} {error.todo}".strip())
        else:
            flash(f"Đã lập {stage.title}.", "success")
            return redirect(url_for("backoffice.judging_show", stage_id=stage.id))
    settled = [score.mean for score in judging_queries.scores(before.id) if score.mean is not None] if before else []
    page = render_template(
        "backoffice/stage_new.html",
        form=form,
        judges=judges,
        before=before,
        settled=len(settled),
        cuts=cuts(settled),
        seen=_follows(form.round_id.data),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get(f"/hoi-dong-cham/<{ID}:stage_id>")
@organizer
def judging_show(stage_id: int) -> ResponseReturnValue:
    """One stage: rubric, progress of each judge, marks by blind code, scorecards."""
    stage = judging_queries.stage_by_id(stage_id)
    round_ = contests.round_by_id(stage.round_id)
    progress = judging_queries.progress(stage_id)
    return render_template(
        "backoffice/stage.html",
        stage=stage,
        round=round_,
        closed=round_.state(clock.now()) is RoundState.CLOSED,
        last=stage.id == judging_queries.stages_of(stage.round_id)[-1].id,
        publication=results.standing_publication(stage.round_id),
        progress=progress,
        due=sum(line.assigned for line in progress),
        signed=sum(line.signed for line in progress),
        lacks=panels.lacks_of(stage),
        names={judge.id: judge.full_name for judge in judging_queries.panel(stage_id)},
        handed_in=queries.loads_of_rounds()[round_.id].handed_in,
        scores=judging_queries.scores(stage_id),
        cards=queries.cards_of(stage_id),
        acts=queries.acts_on(f"stage:{stage_id}"),
        of_action=words.of_action,
        page_of_kind=PAGE_OF_KIND,
    )


@bp.post(f"/hoi-dong-cham/<{ID}:stage_id>/phan-cong")
@organizer
def judging_assign(stage_id: int) -> ResponseReturnValue:
    """Give every entry that lacks judges to the least burdened ones."""
    reason = asking.reason()
    with unit_of_work():
        given = service.assign(stage_id=stage_id, actor_id=access.actor_id(), reason=reason)
    lacks = panels.lacks_of(judging_queries.stage_by_id(stage_id))
    done = f"Đã giao {vn_number(given)} lượt chấm." if given else "" if lacks else "Mọi bài đã đủ giám khảo."
    flash(f"{done} {panels.told(lacks)}".strip(), "warning" if lacks else "success")
    return redirect(url_for("backoffice.judging_show", stage_id=stage_id))


@bp.post(f"/hoi-dong-cham/<{ID}:stage_id>/phieu/<{ID}:assignment_id>/mo-lai")
@organizer
def judging_reopen(stage_id: int, assignment_id: int) -> ResponseReturnValue:
    """Give a signed scorecard back to its judge; where a publication stands, from the page that says what it moves."""
    reason, seen = asking.reason(), asking.whole(request.form.get("seen", ""))
    with unit_of_work():
        service.reopen(assignment_id=assignment_id, actor_id=access.actor_id(), reason=reason)
        round_id = judging_queries.stage_by_id(stage_id).round_id
        contests_service.locked(round_id)
        standing = results.standing_publication(round_id)
        if standing and standing.number != seen:
            raise Refused(
                f"Đợt này đã có Công bố số {standing.number:02d}; mở lại phiếu có thể làm thứ hạng tính lúc này khác công bố.",
                kept="Phiếu đã ký và công bố giữ nguyên.",
                todo="Bạn quay lại trang vòng chấm, bấm Mở lại ở phiếu này để xem ai có thể đổi giải rồi mới mở.",
            )
    flash("Đã mở lại phiếu chấm. Giám khảo thấy phiếu này trong danh sách chờ.", "success")
    return redirect(url_for("backoffice.judging_show", stage_id=stage_id))


@bp.get(f"/hoi-dong-cham/<{ID}:stage_id>/phieu/<{ID}:assignment_id>/mo-lai")
@organizer
def judging_reopen_look(stage_id: int, assignment_id: int) -> ResponseReturnValue:
    """What stands published and whom it may move, before a card of that round is given back."""
    stage = judging_queries.stage_by_id(stage_id)
    standing = results.standing_publication(stage.round_id)
    cards = (card for of_entry in queries.cards_of(stage_id).values() for card in of_entry)
    card = next((card for card in cards if card.assignment_id == assignment_id), None)
    if card is None or card.state is not AssignmentState.SIGNED or standing is None or stage.closed_at:
        return redirect(url_for("backoffice.judging_show", stage_id=stage_id))
    award = next((found for found in results.published(standing) if found.subject == card.entry_id), None)
    return render_template(
        "backoffice/card_reopen.html",
        stage=stage,
        card=card,
        standing=standing,
        award=award,
        effect=compared.without(contests.round_by_id(stage.round_id), card.entry_id, standing, clock.now()),
    )


@bp.post(f"/hoi-dong-cham/<{ID}:stage_id>/dong")
@organizer
def judging_close(stage_id: int) -> ResponseReturnValue:
    """End a stage; the reason may be left out when every scorecard is signed."""
    reason = asking.reason() if request.form.get("reason", "").strip() else ""
    with unit_of_work():
        unsigned = service.close_stage(stage_id=stage_id, actor_id=access.actor_id(), reason=reason)
    flash(
        f"Đã đóng vòng chấm.{f' {vn_number(unsigned)} phiếu chưa ký không được tính.' if unsigned else ''}", "success"
    )
    return redirect(url_for("backoffice.judging_show", stage_id=stage_id))


@bp.post(f"/hoi-dong-cham/<{ID}:stage_id>/mo-lai")
@organizer
def judging_reopen_stage(stage_id: int) -> ResponseReturnValue:
    """Let judges go on in a closed stage."""
    reason = asking.reason()
    with unit_of_work():
        stage = service.reopen_stage(stage_id=stage_id, actor_id=access.actor_id(), reason=reason)
        _must_not_be_published(stage.round_id, "mở lại vòng chấm")
    flash("Đã mở lại vòng chấm. Giám khảo chấm và ký tiếp được.", "success")
    return redirect(url_for("backoffice.judging_show", stage_id=stage_id))


def _must_not_be_published(round_id: int, act: str) -> None:
    """Called while the round is held, so that no publication slips in between."""
    standing = results.standing_publication(round_id)
    if standing:
        raise Refused(
            f"Đợt này đã có Công bố số {standing.number:02d} nên không {act} được.",
            kept="Công bố và phiếu chấm giữ nguyên.",
            todo="Muốn làm tiếp, bạn thu hồi công bố trước.",
        )


def _last_judged(round_id: int | None) -> Stage | None:
    """The stage after which the next one of a round comes: the last, once entries of the round were given to judges."""
    if round_id is None or not judging_queries.is_assigned(round_id):
        return None
    return judging_queries.stages_of(round_id)[-1]


def _follows(round_id: int | None) -> str:
    """A mark of the round and of the stage after which its next one comes, as the form shows them."""
    before = _last_judged(round_id)
    closed_at = before.closed_at.isoformat() if before and before.closed_at else ""
    return f"{round_id or 0}:{before.id if before else 0}:{closed_at}"


def _must_follow_as_seen(round_id: int) -> None:
    """No other stage of the round came in between, so that the entries are chosen by the points that the page showed; raises Refused. Holds the round."""
    contests_service.locked(round_id)
    if request.form.get("seen", "").startswith(f"{round_id}:") and asking.overtaken(_follows(round_id)):
        raise Refused(
            "Vòng chấm trước của đợt này vừa đổi sau khi bạn mở trang.",
            kept="Những gì bạn ghi còn nguyên trên trang, chưa lập vòng nào.",
            todo="Bạn xem lại bài nào vào vòng này rồi bấm lần nữa.",
        )


def _judged_rounds() -> list[Round]:
    return [
        round_ for track in contests.the_contest().tracks if track.kind is not TrackKind.QUIZ for round_ in track.rounds
    ]
