"""The desk's pages of item analysis: how the questions of a quiz round worked, one question with its choices, and asking for a large one."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests.rules import TrackKind
from contest.core import clock
from contest.core.display import vn_number
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.quiz.analysis import ItemLine, RoundAnalysis, Scope
from contest.quiz.queries import analysis as queries
from contest.quiz.queries.analysis import Asked
from contest.quiz.service import analysis as service

PER_PAGE = 25
_GRAVITY = {"key": 0, "hard": 1, "weak": 2, "easy": 3, "unused": 4}


@bp.get(f"/dot-thi/<{ID}:round_id>/phan-tich")
@organizer
def analysis(round_id: int) -> ResponseReturnValue:
    """The round's figures, then its questions, those to look at first."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    scope = _scope(round_id)
    found, fresh = _found(scope)
    flagged = request.args.get("cau") == "can-xem"
    page = _page(found, flagged=flagged) if found else None
    return render_template(
        "backoffice/analysis.html",
        round=round_,
        state=round_.state(clock.now()),
        scope=scope,
        found=found,
        fresh=fresh,
        progress=queries.analysis_progress(scope),
        failed=queries.WAITING.failed(queries.word_of(scope)),
        counted=queries.counted(scope).attempts,
        flagged=flagged,
        to_see=sum(1 for item in found.items if item.flags) if found else 0,
        page=page,
        asked=queries.asked_questions(item.version_id for item in page.rows) if page else {},
    )


@bp.get(f"/dot-thi/<{ID}:round_id>/phan-tich/cau/<{ID}:version_id>")
@organizer
def analysis_item(round_id: int, version_id: int) -> ResponseReturnValue:
    """One question: who chose what, its figures, and how each unit did."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    scope = _scope(round_id)
    found, _ = _found(scope)
    item = found.item(version_id) if found else None
    asked = queries.asked_questions([version_id]).get(version_id)
    if found is None or item is None or asked is None:
        raise NotFound("Chưa có số liệu của câu hỏi này trong đợt.", todo="Bạn mở lại trang phân tích của đợt.")
    units = [(line.name, *line.items[version_id]) for line in found.units if version_id in line.items]
    return render_template(
        "backoffice/analysis_item.html",
        round=round_,
        scope=scope,
        found=found,
        item=item,
        asked=asked,
        choices=_choices(item, asked),
        units=units,
    )


@bp.post(f"/dot-thi/<{ID}:round_id>/phan-tich")
@organizer
def analysis_ask(round_id: int) -> ResponseReturnValue:
    """Ask for the analysis of a large round; it is worked out in the background."""
    scope = Scope(round_id, request.form.get("luot") != "tat-ca")
    service.ask_for_analysis(scope)
    flash("Hệ thống đang tính. Bạn ở lại trang này hoặc quay lại sau đều được.", "info")
    return redirect(url_for("backoffice.analysis", round_id=round_id, luot=None if scope.first_only else "tat-ca"))


@bp.get(f"/dot-thi/<{ID}:round_id>/phan-tich/tien-do")
@organizer
def analysis_progress(round_id: int) -> ResponseReturnValue:
    """How far the running analysis has come; `running` is false once there is none."""
    contests.round_by_id(round_id, TrackKind.QUIZ)
    progress = queries.analysis_progress(_scope(round_id))
    done, total = (progress.done, progress.total) if progress else (0, 0)
    return jsonify(running=progress is not None, done=done, total=total, shown=f"{vn_number(done)}/{vn_number(total)}")


def _scope(round_id: int) -> Scope:
    return Scope(round_id, request.args.get("luot") != "tat-ca")


def _found(scope: Scope) -> tuple[RoundAnalysis | None, bool]:
    """What is worked out, and whether it still holds: a large round shows its last analysis until a job brings the next."""
    found = service.analysis_of(scope)
    return (found, True) if found else (queries.kept_analysis(scope), False)


def _page(found: RoundAnalysis, *, flagged: bool) -> Page[ItemLine]:
    rows = [item for item in found.items if item.flags or not flagged]
    rows.sort(key=_urgency)

    def read(offset: int, most: int) -> list[ItemLine]:
        return rows[offset : offset + most]

    return page_of(read, total=len(rows), page=asking.page(), per_page=PER_PAGE)


def _urgency(item: ItemLine) -> tuple[int, float]:
    index = item.discrimination_index
    return min((_GRAVITY[flag.kind] for flag in item.flags), default=9), 101.0 if index is None else index


def _choices(item: ItemLine, asked: Asked) -> list[dict[str, object]]:
    """Each choice with its words, its share in per cent and whether it is right, then the blanks."""
    whole = max(item.attempts, 1)
    lines: list[dict[str, object]] = [
        {
            "letter": choice.letter,
            "words": words,
            "right": choice.right,
            "count": choice.count,
            "share": 100 * choice.count / whole,
            "mean": choice.mean_total,
        }
        for choice, words in zip(item.choices, asked.choices, strict=False)
    ]
    blank = {"letter": "", "words": "Bỏ trống", "right": False, "count": item.blank, "mean": None}
    return [*lines, blank | {"share": 100 * item.blank / whole}]
