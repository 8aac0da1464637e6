"""The desk's page of a quiz round's blueprint: quotas by chapter and difficulty against the bank, sample papers to print, and the freeze."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, bank_pictures
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.contests import service as contests_service
from contest.contests.models import Round
from contest.contests.rules import PAPER, QuizParams, TrackKind
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import BadInput, Refused
from contest.core.forms import clean_line
from contest.quiz import labels, rules, service
from contest.quiz import queries as quiz
from contest.quiz.drafts import picture_of
from question_bank.draw import SEED_BITS, BankItem, Blueprint, PaperItem, Quota, draw
from question_bank.schema import LETTERS, Difficulty

MOST_ROWS = 200
MOST_SAMPLES = 10
ANY = 0  # the column of any difficulty
COLUMNS = [*((level.value, level.label) for level in Difficulty), (ANY, "Mức nào cũng được")]
_ANY_CHAPTER = "x"
_MOST_ASKED = 1_000_000
_KINDS = ("choices", "several_right")


@dataclass(frozen=True)
class Cell:
    """How many questions are wanted, and how many the bank has."""

    column: int
    label: str
    wanted: int
    available: int


@dataclass(frozen=True)
class Row:
    """One chapter; `name` is None for the row of any chapter. `key` stands in the names of its fields."""

    key: str
    name: str | None
    cells: Sequence[Cell]


@bp.get(f"/dot-thi/<{ID}:round_id>/ma-tran")
@organizer
def rounds_blueprint(round_id: int) -> ResponseReturnValue:
    """The blueprint that holds, or the whole bank as one quota where none does."""
    found = contests.round_by_id(round_id, TrackKind.QUIZ)
    return _page(found, standing(found))


@bp.post(f"/dot-thi/<{ID}:round_id>/ma-tran")
@organizer
def rounds_blueprint_freeze(round_id: int) -> ResponseReturnValue:
    """Look at the quotas in the form, or freeze them together with the bank as it stands."""
    found = contests.round_by_id(round_id, TrackKind.QUIZ)
    plan = _plan(found)
    if request.form.get("act") != "freeze":
        return _page(found, plan)
    reason = asking.reason()
    try:
        with unit_of_work():
            must_be_seen(
                contests_service.locked(round_id),
                kept="Ma trận bạn vừa ghi còn nguyên trên trang, chưa có gì bị ghi đè.",
                todo="Bạn xem lại rồi bấm lần nữa nếu vẫn muốn chốt ma trận này.",
            )
            frozen = service.prepare_round(round_id=round_id, actor_id=access.actor_id(), blueprint=plan, reason=reason)
            count = len(frozen.version_ids)
    except Refused as refused:
        return _page(contests.round_by_id(round_id, TrackKind.QUIZ), plan, refused=refused), 409
    flash(f"Đã chốt ma trận đề: {plan.count} câu rút từ {vn_number(count)} câu hỏi.", "success")
    return redirect(url_for("backoffice.rounds_blueprint", round_id=round_id))


@bp.post(f"/dot-thi/<{ID}:round_id>/ma-tran/kha-thi")
@organizer
def rounds_blueprint_check(round_id: int) -> ResponseReturnValue:
    """Whether papers can be drawn by the quotas in the form, for the script of the page."""
    found = contests.round_by_id(round_id, TrackKind.QUIZ)
    plan = _plan(found)
    wanted = _rules(found).questions
    missing = service.shortcomings(plan, quiz.stock(found.track.contest_id, _rules(found)), questions=wanted)
    return jsonify(count=plan.count, questions=wanted, missing=missing)


@bp.post(f"/dot-thi/<{ID}:round_id>/ma-tran/de-mau")
@organizer
def rounds_blueprint_samples(round_id: int) -> ResponseReturnValue:
    """Papers as seeds draw them by the quotas in the form, to be printed; the same seed gives the same paper."""
    found = contests.round_by_id(round_id, TrackKind.QUIZ)
    plan = _plan(found)
    items = quiz.stock(found.track.contest_id, _rules(found))
    missing = service.shortcomings(plan, items, questions=_rules(found).questions)
    if missing:
        raise Refused(f"Chưa rút được đề mẫu. {' '.join(missing)}", kept="Chưa có gì thay đổi.")
    seed = max(1, asking.count("seed", blank=1))
    copies = min(max(1, asking.count("copies", blank=1)), MOST_SAMPLES)
    seeds = [number % (1 << SEED_BITS) for number in range(seed, seed + copies)]
    papers = [(number, draw(plan, items, number).items) for number in seeds]
    versions = quiz.versions_by_id({item.key for _, drawn in papers for item in drawn})
    return render_template(
        "backoffice/bank_samples.html",
        round=found,
        papers=[(number, [(item, versions[item.key]) for item in drawn]) for number, drawn in papers],
        letters=LETTERS,
        key_of=_key_letters,
        pictures={v.id: bank_pictures.shown_at(picture_of(v)) for v in versions.values()},
    )


def _page(found: Round, plan: Blueprint, *, refused: Refused | None = None) -> str:
    params = _rules(found)
    items = quiz.stock(found.track.contest_id, params)
    wanted = params.questions
    return render_template(
        "backoffice/bank_blueprint.html",
        round=found,
        rows=_rows(plan, items),
        columns=COLUMNS,
        plan=plan,
        questions=wanted,
        stock=len(items),
        bank=len(quiz.stock(found.track.contest_id)),
        drawn_kinds=[
            labels.value(name, params) for name in _KINDS if getattr(params, name) != getattr(QuizParams, name)
        ],
        missing=service.shortcomings(plan, items, questions=wanted),
        drawn=quiz.quiz_round(found.id),
        seen=stamp(found),
        is_sat=quiz.is_sat(found.id),
        refused=refused,
        most_samples=MOST_SAMPLES,
    )


def must_be_seen(found: Round, *, kept: str, todo: str) -> None:
    """The paper is still the one that the page showed; raises Refused. A press without the page's mark asks for nothing."""
    if asking.overtaken(stamp(found)):
        raise Refused(
            "Người khác vừa chốt đề hoặc sửa thể lệ của đợt này sau khi bạn mở trang.",
            kept=kept,
            todo=todo,
        )


def stamp(found: Round) -> str:
    """A mark of the freeze that holds and of the papers that the rules ask for."""
    drawn, params = quiz.quiz_round(found.id), _rules(found).as_json()
    return f"{'-'.join(str(params[name]) for name in PAPER)}:{drawn.frozen_at.isoformat() if drawn and drawn.frozen_at else ''}"


def _rows(plan: Blueprint, items: Sequence[BankItem]) -> list[Row]:
    """The chapters of the bank and of the plan, by the numbers of the bank, and below them the row of any chapter."""
    have: Counter[tuple[str | None, int]] = Counter()
    for item in items:
        have.update([(item.chapter, item.difficulty), (item.chapter, ANY), (None, item.difficulty), (None, ANY)])
    asked: Counter[tuple[str | None, int]] = Counter()
    for quota in plan.quotas:
        asked[quota.chapter, int(quota.difficulty or ANY)] += quota.count
    chapters = sorted({item.chapter for item in items} | {chapter for chapter, _ in asked if chapter is not None})
    return [
        Row(
            key=_ANY_CHAPTER if chapter is None else str(place),
            name=chapter,
            cells=[Cell(column, label, asked[chapter, column], have[chapter, column]) for column, label in COLUMNS],
        )
        for place, chapter in enumerate([*chapters[:MOST_ROWS], None])
    ]


def standing(found: Round) -> Blueprint:
    """The blueprint that was frozen last, or the whole bank as one quota where none was."""
    params = _rules(found)
    frozen = quiz.quiz_round(found.id)
    if frozen is not None and frozen.blueprint:
        return rules.blueprint_of(frozen.blueprint, shuffle=params.shuffle)
    return _blueprint(params, [Quota(count=params.questions)])


def _plan(found: Round) -> Blueprint:
    """The quotas in the form, chapter by chapter; raises BadInput when there is none."""
    quotas = []
    for key in [*map(str, range(MOST_ROWS)), _ANY_CHAPTER]:
        name = request.form.get(f"chapter-{key}")
        if name is None and key != _ANY_CHAPTER:
            continue
        for column, _ in COLUMNS:
            count = asking.count(f"n-{key}-{column}")
            if count > 0:
                quotas.append(
                    Quota(
                        count=min(count, _MOST_ASKED),
                        chapter=None if key == _ANY_CHAPTER else clean_line(name or ""),
                        difficulty=Difficulty(column) if column else None,
                    )
                )
    if not quotas:
        raise BadInput("Ma trận đề đang trống.", kept="Chưa có gì thay đổi.", todo="Bạn ghi số câu rồi bấm lại.")
    return _blueprint(_rules(found), quotas)


def _blueprint(params: QuizParams, quotas: Sequence[Quota]) -> Blueprint:
    return Blueprint(tuple(quotas), shuffle_questions=params.shuffle, shuffle_choices=params.shuffle)


def _rules(found: Round) -> QuizParams:
    params = found.rules
    assert isinstance(params, QuizParams)
    return params


def _key_letters(item: PaperItem, key: int) -> str:
    """The right letters as this paper shows them."""
    return "".join(LETTERS[shown] for shown, original in enumerate(item.choice_order) if key >> original & 1)
