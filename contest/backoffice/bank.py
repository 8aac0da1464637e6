"""The desk's pages of the question bank: the list, one question with its versions, and importing a file after a look at what it holds.

Between the look and the import the file lies in storage under its hash; the address travels in a signed token, so that nothing is written before.
"""

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from contest.accounts import access
from contest.accounts.access import organizer
from contest.backoffice import asking
from contest.backoffice.blueprint import ID, bp
from contest.backoffice.forms import BankForm
from contest.contests import queries as contests
from contest.core import storage
from contest.core.db import unit_of_work
from contest.core.display import vn_number
from contest.core.errors import NotFound, Refused
from contest.core.forms import clean_line
from contest.quiz import queries as quiz
from contest.quiz import service
from contest.quiz.service.bank import digest_of
from question_bank import checks, formats
from question_bank.checks import Finding
from question_bank.formats import MAX_BYTES
from question_bank.schema import LETTERS, Difficulty, Parsed, Question

SHOWN = 200
TOKEN_LASTS = 24 * 3600  # seconds
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Looked:
    """A file as it would be imported: each question with what was found about it, and whether the bank has it already."""

    name: str
    parsed: Parsed
    questions: list[tuple[Question, list[Finding], bool]]
    known: int
    errors: int

    @property
    def fresh(self) -> int:
        """How many questions would be added."""
        return len(self.questions) - self.known


@bp.get("/cau-hoi")
@organizer
def bank() -> ResponseReturnValue:
    """Questions by words, chapter and difficulty."""
    contest_id = contests.the_contest().id
    search, chapter = asking.words(), asking.words("chuong")
    difficulty = asking.number("do-kho")
    if difficulty not in (1, 2, 3):
        difficulty = None
    return render_template(
        "backoffice/bank.html",
        page=quiz.questions_page(contest_id, page=asking.page(), search=search, chapter=chapter, difficulty=difficulty),
        search=search,
        chapter=chapter,
        difficulty=difficulty,
        chapters=[(name, f"{name or 'Chưa ghi chương'} ({count})") for name, count in quiz.chapters(contest_id)],
        difficulties=[(level.value, level.label) for level in Difficulty],
        labels={level.value: level.label for level in Difficulty},
    )


@bp.get(f"/cau-hoi/<{ID}:question_id>")
@organizer
def bank_question(question_id: int) -> ResponseReturnValue:
    """One question through all its versions, the newest first."""
    found = quiz.question_by_id(question_id)
    return render_template(
        "backoffice/question.html",
        question=found,
        versions=list(reversed(found.versions)),
        letters=LETTERS,
        labels={level.value: level.label for level in Difficulty},
    )


@bp.route("/cau-hoi/nhap", methods=["GET", "POST"])
@organizer
def bank_upload() -> ResponseReturnValue:
    """Send a file of questions; it is kept in storage and looked at on the next page."""
    form = BankForm()
    if form.validate_on_submit():
        content = form.file.data.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            form.file.errors = [f"Tệp quá lớn: nhiều nhất {MAX_BYTES // 1_000_000} MB. Bạn chia thành nhiều tệp."]
        else:
            name = clean_line(form.file.data.filename or "")[-_LONGEST_NAME:]
            token = _signer().dumps([storage.put(content), name])
            return redirect(url_for("backoffice.bank_preview", token=token))
    return render_template("backoffice/bank_upload.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/cau-hoi/nhap/<token>")
@organizer
def bank_preview(token: str) -> ResponseReturnValue:
    """What a file holds: its questions as they will look, what could not be read and why; nothing is written yet."""
    return render_template(
        "backoffice/bank_preview.html", looked=_look(token), token=token, shown=SHOWN, letters=LETTERS
    )


@bp.post("/cau-hoi/nhap/<token>")
@organizer
def bank_import(token: str) -> ResponseReturnValue:
    """Add the questions of the file that was looked at."""
    reason = asking.reason()
    looked = _look(token)
    if looked.errors:
        raise Refused(
            f"Còn {vn_number(looked.errors)} lỗi trong tệp.",
            kept="Ngân hàng câu hỏi giữ nguyên.",
            todo="Bạn sửa tệp rồi gửi lại.",
        )
    with unit_of_work():
        done = service.import_questions(
            contest_id=contests.the_contest().id,
            questions=[question for question, _, _ in looked.questions],
            actor_id=access.actor_id(),
            source=reason,
        )
    flash(f"Đã thêm {vn_number(done.added)} câu hỏi, bỏ qua {vn_number(done.known)} câu đã có.", "success")
    return redirect(url_for("backoffice.bank"))


def _look(token: str) -> Looked:
    """The file behind a token; raises NotFound for a token that is not ours, is too old, or whose file is gone."""
    try:
        address, name = _signer().loads(token, max_age=TOKEN_LASTS)
        content = storage.get(address)
    except (BadSignature, FileNotFoundError):
        raise NotFound("Lần xem trước này không còn.", todo="Bạn gửi lại tệp câu hỏi.") from None
    parsed = formats.read(name, content)
    questions = checks.pin_all(parsed.questions)
    findings: dict[int, list[Finding]] = {}
    for finding in checks.check(questions, multiple=True):
        findings.setdefault(finding.index, []).append(finding)
    kept = quiz.digests(contests.the_contest().id)
    listed = [
        (question, findings.get(place, []), digest_of(question) in kept) for place, question in enumerate(questions)
    ]
    return Looked(
        name=name,
        parsed=parsed,
        questions=listed,
        known=sum(known for _, _, known in listed),
        errors=sum(finding.severity == "error" for found in findings.values() for finding in found),
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="backoffice.bank")
