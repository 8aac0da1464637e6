"""Writing, changing, retiring and regrouping questions of the bank; the desk calls these in a unit of work, each with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import NotFound, Refused
from contest.quiz.drafts import Draft, draft_of
from contest.quiz.models import Question, QuestionVersion
from contest.quiz.service import bank
from question_bank import checks, shortening
from question_bank.schema import Difficulty, one_line

MOST_AT_ONCE = 500


class EditConflict(Refused):
    """Somebody else wrote a version after the one that was opened; `newest` is theirs."""

    def __init__(self, newest: QuestionVersion) -> None:
        super().__init__(
            f"Người khác đã lưu bản {newest.number} của câu này sau khi bạn mở trang.",
            kept="Nội dung bạn vừa gõ còn nguyên trên trang, chưa có gì bị ghi đè.",
            todo="Bạn xem chỗ khác nhau rồi lưu lại, hoặc mở bản mới nhất.",
        )
        self.newest = newest


@dataclass(frozen=True)
class Kept:
    """The question and the number of its version after an edit; `changed` is False when nothing differed."""

    question_id: int
    number: int
    changed: bool


def add_question(*, contest_id: int, draft: Draft, actor_id: int | None, reason: str) -> Kept:
    """Write a new question. Raises Refused for one that is faulty, whose code is taken, or that the bank has word for word."""
    bank.lock(contest_id)
    draft = _sound(draft)
    digest = bank.digest_of(draft.question)
    if draft.picture is None:
        _must_be_new(contest_id, digest)
    code = shortening.code(draft.question.code or f"Q-{digest[:10]}")
    if db.session.scalar(select(Question.id).where(Question.contest_id == contest_id, Question.code == code)):
        raise Refused(
            f"Mã {code} đã có ở câu khác.", kept="Chưa có gì được ghi.", todo="Bạn đặt mã khác hoặc để trống mã."
        )
    row = bank.new_question(contest_id, code)
    db.session.flush()
    version = bank.write_version(row, draft)
    audit.record("question.add", actor_id=actor_id, subject=f"question:{row.id}", reason=reason)
    return Kept(row.id, version.number, changed=True)


def edit_question(*, question_id: int, base: int, draft: Draft, actor_id: int | None, reason: str) -> Kept:
    """Write the draft as the next version, if it differs from the newest; papers that were drawn keep the version they hold.

    `base` is the number of the version that the editor opened. Raises EditConflict when there is a newer one with other words (a press sent again
    after a lost reply finds its own), Refused for a faulty draft.
    """
    row, newest = _held([question_id])[0]
    draft = replace(draft, question=replace(draft.question, code=row.code)).pinned()
    if draft == draft_of(newest, row.code):
        return Kept(row.id, newest.number, changed=False)
    if newest.number != base:
        raise EditConflict(newest)
    draft = _sound(draft)
    return Kept(row.id, _write_next(row, draft, actor_id, reason), changed=True)


def hold_questions(*, question_ids: Sequence[int]) -> None:
    """Wait for others who write to these questions, and keep them until this unit of work ends; raises NotFound when one is missing, Refused for too many."""
    _held(question_ids)


def retire(*, question_ids: Sequence[int], actor_id: int | None, reason: str) -> int:
    """Keep questions out of papers that are frozen from now on; those that are retired already are passed over. Returns how many changed."""
    rows = [row for row, _ in _held(question_ids) if row.retired_at is None]
    for row in rows:
        row.retired_at = clock.now()
        audit.record("question.retire", actor_id=actor_id, subject=f"question:{row.id}", reason=reason)
    return len(rows)


def bring_back(*, question_ids: Sequence[int], actor_id: int | None, reason: str) -> int:
    """Let retired questions be drawn again; returns how many changed."""
    rows = [row for row, _ in _held(question_ids) if row.retired_at is not None]
    for row in rows:
        row.retired_at = None
        audit.record("question.restore", actor_id=actor_id, subject=f"question:{row.id}", reason=reason)
    return len(rows)


def move_chapter(*, question_ids: Sequence[int], chapter: str, actor_id: int | None, reason: str) -> int:
    """Put questions into a chapter, each as a new version; returns how many were not there yet."""
    wanted = one_line(chapter)[:200]
    return _regroup(
        question_ids, lambda draft: replace(draft, question=replace(draft.question, chapter=wanted)), actor_id, reason
    )


def set_difficulty(*, question_ids: Sequence[int], difficulty: Difficulty, actor_id: int | None, reason: str) -> int:
    """Give questions a difficulty, each as a new version; returns how many had another."""
    return _regroup(
        question_ids,
        lambda draft: replace(draft, question=replace(draft.question, difficulty=difficulty)),
        actor_id,
        reason,
    )


def add_tag(*, question_ids: Sequence[int], tag: str, actor_id: int | None, reason: str) -> int:
    """Add a tag to questions, each as a new version; returns how many lacked it. Raises Refused for an empty tag."""
    wanted = one_line(tag)[:100]
    if not wanted:
        raise Refused("Nhãn đang trống.", kept="Chưa có gì thay đổi.", todo="Bạn ghi nhãn rồi bấm lại.")

    def tagged(draft: Draft) -> Draft:
        tags = draft.question.tags
        return draft if wanted in tags else replace(draft, question=replace(draft.question, tags=(*tags, wanted)))

    return _regroup(question_ids, tagged, actor_id, reason)


def _regroup(question_ids: Sequence[int], change: Callable[[Draft], Draft], actor_id: int | None, reason: str) -> int:
    count = 0
    for row, newest in _held(question_ids):
        before = draft_of(newest, row.code)
        after = change(before)
        if after == before:
            continue
        _write_next(row, after, actor_id, reason)
        count += 1
    return count


def _write_next(row: Question, draft: Draft, actor_id: int | None, reason: str) -> int:
    """The draft as the question's next version, on the record; returns its number."""
    number = bank.write_version(row, draft).number
    subject = f"question:{row.id}"
    audit.record("question.edit", actor_id=actor_id, subject=subject, reason=reason, detail={"version": number})
    return number


def _held(question_ids: Sequence[int]) -> list[tuple[Question, QuestionVersion]]:
    """The questions, locked, with their newest versions, in the order of their numbers; raises NotFound when one is missing, Refused for too many."""
    wanted = sorted(set(question_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(f"Mỗi lần chỉ đổi được {MOST_AT_ONCE} câu.", kept="Chưa có gì thay đổi.", todo="Bạn chọn ít hơn.")
    query = select(Question).where(Question.id.in_(wanted)).order_by(Question.id)
    rows = db.session.scalars(query.with_for_update()).all()
    newest = {
        version.question_id: version
        for version in db.session.scalars(
            select(QuestionVersion).where(QuestionVersion.question_id.in_(wanted), QuestionVersion.newest)
        )
    }
    if len(rows) != len(wanted) or len(newest) != len(wanted):
        raise NotFound("Không có câu hỏi này.")
    return [(row, newest[row.id]) for row in rows]


def _sound(draft: Draft) -> Draft:
    """The draft, pinned where due; raises Refused with all that must be mended."""
    draft = draft.pinned()
    errors = [f.message for f in checks.check([draft.question], multiple=True) if f.severity == "error"]
    if errors:
        raise Refused(" ".join(errors), kept="Chưa có gì được ghi.", todo="Bạn sửa câu hỏi rồi lưu lại.")
    return draft


def _must_be_new(contest_id: int, digest: str) -> None:
    code = db.session.scalar(
        select(Question.code)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.contest_id == contest_id, QuestionVersion.digest == digest)
        .limit(1)
    )
    if code:
        raise Refused(
            f"Ngân hàng đã có câu này, mã {code}.",
            kept="Chưa có gì được ghi.",
            todo=f"Bạn mở câu {code} để sửa, hoặc đổi nội dung câu mới.",
        )
