"""The desk's pages of the question bank: the list, one question with its versions, and acts on one or several with a list of what will happen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking, bank_pictures, queries, words
from contest.backoffice.bank_differences import differences
from contest.backoffice.bank_look import places_of, ranges
from contest.backoffice.blueprint import ID, bp
from contest.contests import queries as contests
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import BadInput, Refused
from contest.core.forms import clean_line
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.drafts import draft_of, picture_of
from contest.quiz.queries import QuestionRow, Wanted
from contest.quiz.service.bank_edit import MOST_AT_ONCE
from question_bank.schema import LETTERS, Difficulty

PER_PAGE = 25
NO_CHAPTER = "-"
_ASKED = ("tim", "chuong", "do-kho", "nhan", "trang-thai", "can-xem", "page")
STATES = [("active", "Đang dùng"), ("retired", "Đã thôi dùng")]
FINDINGS = [
    ("no_source", "Chưa ghi nguồn"),
    ("no_alt", "Hình chưa có mô tả"),
    ("faulty", "Có lỗi"),
    ("any", "Có điều cần xem"),
]
LABELS = {level.value: level.label for level in Difficulty}


@dataclass(frozen=True)
class Act:
    """An act on several questions: its words, what it asks for besides a reason, and why it would leave a question as it is."""

    name: str
    verb: str
    done: str
    field: str
    same: Callable[[QuestionRow], str]


ACTS = {
    act.name: act
    for act in (
        Act("retire", "Thôi dùng", "cho thôi dùng", "", lambda row: "đã thôi dùng" if row.question.retired_at else ""),
        Act("restore", "Dùng lại", "đưa vào dùng lại", "", lambda row: "" if row.question.retired_at else "đang dùng"),
        Act("chapter", "Chuyển chương", "chuyển chương", "chapter", lambda row: ""),
        Act("difficulty", "Đặt độ khó", "đặt độ khó", "difficulty", lambda row: ""),
        Act("tag", "Gắn nhãn", "gắn nhãn", "tag", lambda row: ""),
    )
}


@bp.get("/cau-hoi")
@organizer
def bank() -> ResponseReturnValue:
    """Questions by words, chapter, difficulty, tag, state and what was found about them."""
    contest_id = contests.the_contest().id
    wanted = wanted_of()
    page = quiz.questions_page(contest_id, page=asking.page(), per_page=PER_PAGE, wanted=wanted)
    return render_template(
        "backoffice/bank.html",
        page=page,
        wanted=wanted,
        asked=_asked(),
        exposure=quiz.exposure(contest_id, [row.question.id for row in page.rows]),
        chapters=[
            (name or NO_CHAPTER, f"{name or 'Chưa ghi chương'} ({vn_number(count)})")
            for name, count in quiz.chapters(contest_id)
        ],
        difficulties=list(LABELS.items()),
        tags=[(tag, tag) for tag in quiz.tags(contest_id)],
        states=STATES,
        findings=FINDINGS,
        labels=LABELS,
        acts=ACTS.values(),
        most=MOST_AT_ONCE,
    )


@bp.get(f"/cau-hoi/<{ID}:question_id>")
@organizer
def bank_question(question_id: int) -> ResponseReturnValue:
    """One question as it looks, how it was used, its versions with what changed, and what was done with it."""
    found = quiz.question_by_id(question_id)
    drafts = [draft_of(version, found.code) for version in found.versions]
    steps = [
        (version, differences(drafts[place - 1], drafts[place]) if place else [])
        for place, version in enumerate(found.versions)
    ]
    newest = found.versions[-1]
    picture = picture_of(newest)
    held = quiz.rounds_holding(version.id for version in found.versions)
    return render_template(
        "backoffice/question.html",
        question=found,
        newest=newest,
        draft=drafts[-1],
        picture=picture,
        picture_url=bank_pictures.shown_at(picture),
        steps=list(reversed(steps)),
        held=held,
        exposure=quiz.exposure(found.contest_id, [found.id]),
        letters=LETTERS,
        labels=LABELS,
        acts=queries.acts_on(f"question:{question_id}"),
        of_action=words.of_action,
    )


@bp.post("/cau-hoi/nhieu-cau")
@organizer
def bank_several() -> ResponseReturnValue:
    """What an act would do to each question that was ticked; nothing is changed yet."""
    name = request.form.get("act", "")
    ids = _chosen()
    if name == "export":
        return redirect(url_for("backoffice.bank_export", cau=ranges(ids)))
    act = _act(name)
    contest_id = contests.the_contest().id
    rows = quiz.questions(contest_id, ids)
    if not rows:
        raise BadInput("Không có câu hỏi này.", kept="Chưa có gì thay đổi.")
    return render_template(
        "backoffice/bank_several.html",
        act=act,
        rows=rows,
        changing=[row for row in rows if not act.same(row)],
        ids=ranges(row.question.id for row in rows),
        asked=_asked(),
        seen=_stamp(rows),
        labels=LABELS,
        chapters=[chapter for chapter, _ in quiz.chapters(contest_id) if chapter],
        tags=quiz.tags(contest_id),
        difficulties=list(LABELS.items()),
    )


@bp.post("/cau-hoi/nhieu-cau/lam")
@organizer
def bank_apply() -> ResponseReturnValue:
    """Do the act that was confirmed, on all the questions or, when one refuses, on none."""
    act, reason = _act(request.form.get("act", "")), asking.reason()
    asked = places_of(request.form.get("ids", ""), MOST_AT_ONCE)
    ids = [row.question.id for row in quiz.questions(contests.the_contest().id, asked)]
    if not ids:
        raise BadInput("Bạn chưa chọn câu nào.", kept="Chưa có gì thay đổi.", todo="Bạn đánh dấu các câu cần làm.")
    with unit_of_work():
        service.hold_questions(question_ids=ids)
        overtaken = asking.overtaken(_stamp(quiz.questions(contests.the_contest().id, asked)))
        count = _done(act, ids, reason)
        # A press sent again after a lost reply finds its own and changes nothing.
        if overtaken and count:
            raise Refused(
                "Người khác vừa sửa một trong các câu này sau khi bạn mở trang.",
                kept="Bản vừa sửa giữ nguyên, lần này chưa đổi câu nào.",
                todo="Bạn quay lại ngân hàng câu hỏi, chọn lại các câu và xem chúng hiện ra sao.",
            )
    left = len(ids) - count
    flash(
        f"Đã {act.done} {vn_number(count)} câu hỏi."
        + (f" {vn_number(left)} câu đã như vậy sẵn nên giữ nguyên." if left else ""),
        "success",
    )
    if len(ids) == 1:
        return redirect(url_for("backoffice.bank_question", question_id=ids[0]))
    return redirect(url_for("backoffice.bank", **_asked()))


def wanted_of() -> Wanted:
    """What the address asks of the list; whatever cannot be meant is left out."""
    chapter = asking.words("chuong")
    level = asking.number("do-kho")
    state, finding = asking.words("trang-thai"), asking.words("can-xem")
    return Wanted(
        search=asking.words(),
        chapter=("" if chapter == NO_CHAPTER else clean_line(request.args.get("chuong", ""))[:200])
        if chapter
        else None,
        difficulty=level if level in LABELS else None,
        tag=asking.words("nhan"),
        state=state if state in dict(STATES) else "",
        finding=finding if finding in dict(FINDINGS) else "",
    )


def _asked() -> dict[str, Any]:
    """What the list was narrowed to, so that an act comes back to it."""
    return {name: request.args[name] for name in _ASKED if request.args.get(name)}


def _done(act: Act, ids: Sequence[int], reason: str) -> int:
    actor_id = access.actor_id()
    if act.name == "retire":
        return service.retire(question_ids=ids, actor_id=actor_id, reason=reason)
    if act.name == "restore":
        return service.bring_back(question_ids=ids, actor_id=actor_id, reason=reason)
    if act.name == "chapter":
        chapter = clean_line(request.form.get("chapter", ""))
        return service.move_chapter(question_ids=ids, chapter=chapter, actor_id=actor_id, reason=reason)
    if act.name == "tag":
        tag = clean_line(request.form.get("tag", ""))
        return service.add_tag(question_ids=ids, tag=tag, actor_id=actor_id, reason=reason)
    level = asking.whole(request.form.get("difficulty", ""))
    if level not in LABELS:
        raise BadInput("Chưa chọn độ khó.", kept="Chưa có gì thay đổi.", todo="Bạn quay lại và chọn độ khó.")
    return service.set_difficulty(question_ids=ids, difficulty=Difficulty(level), actor_id=actor_id, reason=reason)


def _stamp(rows: Sequence[QuestionRow]) -> str:
    """A mark of the questions as they are listed: another version, or one that was retired or restored, is another mark."""
    return asking.stamp([[row.question.id, row.version.number, row.question.retired_at is None] for row in rows])


def _act(name: str) -> Act:
    if name not in ACTS:
        raise BadInput("Không rõ việc cần làm.", kept="Chưa có gì thay đổi.")
    return ACTS[name]


def _chosen() -> list[int]:
    """The questions that were ticked, or all that the list was asked for."""
    if request.form.get("every") == "yes":
        ids = list(quiz.question_ids(contests.the_contest().id, wanted_of()))
    else:
        found = [asking.whole(value) for value in request.form.getlist("chosen")]
        ids = sorted({number for number in found if number})
    if not ids:
        raise BadInput("Bạn chưa chọn câu nào.", kept="Chưa có gì thay đổi.", todo="Bạn đánh dấu các câu cần làm.")
    if len(ids) > MOST_AT_ONCE and request.form.get("act") != "export":
        raise BadInput(
            f"Mỗi lần chỉ làm được {MOST_AT_ONCE} câu.", kept="Chưa có gì thay đổi.", todo="Bạn lọc bớt rồi chọn lại."
        )
    return ids
