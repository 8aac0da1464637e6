"""Marking anew after a key was changed: the change on the record, then chunk by chunk in a job; whatever is interrupted goes on where it stopped.

Marks are always a function of the answers and of the keys that hold now. Graders share those keys with a running transaction and a change waits for
them, so an attempt is marked either by the new key or early enough for the job to find it. Rewriting equal marks is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import after_commit, db
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.models import Attempt, QuestionVersion, QuizRound
from contest.quiz.queries import ranking
from contest.quiz.queries.keys import key_char, keys_by_version, marks_of, masks_by_place
from contest.quiz.queries.papers import FrozenBank, frozen_bank
from contest.quiz.queries.ranking import params_of
from contest.quiz.service import marks
from contest.quiz.service.board import stop_rebuilding
from contest.quiz.service.locks import own_keys, own_regrade, share_keys
from contest.quiz.service.marks import Marked
from contest.quiz.service.paper_index import attempts_with
from contest.quiz.service.standings import standing_changed
from question_bank.bulk import draw_places
from question_bank.grading import Scheme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHUNK = 25_000
_CHUNKS_EACH = 8


@dataclass(frozen=True)
class Remarked:
    """Attempts whose marks are others now: their ids, new marks, and by how many points each moved."""

    ids: "NDArray[np.int64]"
    correct: "NDArray[np.int64]"
    points: "NDArray[np.int64]"
    moved: "NDArray[np.int64]"


def change_key(*, round_id: int, version_id: int, rule: KeyRule, key: int, actor_id: int, reason: str) -> KeyChange:
    """Let a question of a round be marked by another rule from now on; the job `regrade` then marks anew what was marked already.

    `key` is the bit mask of the right choices, 0 unless the rule is a key. Raises NotFound, BadInput, Refused when nothing would change.
    """
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do: lý do này hiện công khai trên bảng xếp hạng.")
    own_keys(round_id)
    check_change(round_id=round_id, version_id=version_id, rule=rule, key=key)
    change = KeyChange(
        round_id=round_id,
        version_id=version_id,
        rule=rule,
        key=key,
        reason=reason.strip(),
        actor_id=actor_id,
        made_at=clock.now(),
        total=_graded(round_id),
    )
    db.session.add(change)
    db.session.flush()
    audit.record(
        "quiz.change_key",
        actor_id=actor_id,
        subject=f"round:{round_id}",
        reason=reason,
        detail={"version": version_id, "rule": rule.value, "key": key, "change": change.id},
    )
    return change


def check_change(*, round_id: int, version_id: int, rule: KeyRule, key: int) -> tuple[Round, QuestionVersion]:
    """The round and the question of a change that can be made; raises NotFound, BadInput, Refused."""
    round_ = contests.round_by_id(round_id, TrackKind.QUIZ)
    bank = frozen_bank(round_id)
    version = db.session.get(QuestionVersion, version_id)
    if version is None or version_id not in bank.questions:
        raise NotFound("Đề của đợt này không có câu hỏi đó.")
    if rule is KeyRule.KEY and not 0 < key < 1 << len(version.choices):
        raise BadInput(
            "Bạn chưa chọn đáp án đúng.", kept="Chưa có gì thay đổi.", todo="Bạn chọn ít nhất một phương án."
        )
    if rule is not KeyRule.KEY and key:
        raise BadInput("Cách chấm này không đi cùng đáp án.", kept="Chưa có gì thay đổi.")
    if keys_by_version(round_id, bank)[version_id] == key_char(rule, key):
        raise Refused("Câu này đang được chấm đúng như vậy.", kept="Chưa có gì thay đổi.", todo="Bạn chọn đáp án khác.")
    return round_, version


def changes_to_apply() -> list[int]:
    """The changes whose marking anew is not finished."""
    return list(db.session.scalars(select(KeyChange.id).where(KeyChange.done_at.is_(None)).order_by(KeyChange.id)))


def apply_change(change_id: int) -> bool:
    """Mark the next chunks anew inside the open unit of work; True while there is more. At the end places, prediction and boards follow."""
    change = db.session.get(KeyChange, change_id)
    if change is None or change.done_at:
        return False
    own_regrade(change.round_id)
    db.session.refresh(change, with_for_update=True)
    if change.done_at:
        return False
    share_keys(change.round_id)
    drawn = db.session.scalar(select(QuizRound.version_ids).where(QuizRound.round_id == change.round_id))
    if change.version_id not in (
        drawn or ()
    ):  # The paper was forgotten or frozen anew since: nobody had begun, nobody drew it.
        _finish(change)
        return False
    work = _Work.of(change.round_id)
    indexed, upto = attempts_with(change.round_id, change.version_id)
    passed, whole = change.passed_id, False

    def parts() -> Iterator[Marked]:
        nonlocal passed, whole
        for _ in range(_CHUNKS_EACH):
            if passed < upto:
                ids = indexed[indexed > passed][:CHUNK]
                passed = int(ids[-1]) if len(ids) == CHUNK else upto
                yield marks.read_these(change.round_id, ids, questions=work.questions)
            else:
                part = marks.read_after(change.round_id, after_id=passed, limit=CHUNK, questions=work.questions)
                whole = not len(part)
                if whole:
                    return
                passed = int(part.ids[-1])
                yield work.with_question(part, change.version_id)

    marks.expect_scattered_rows()
    seen, changed = work.remark(parts())
    change.changed += changed
    change.seen += seen
    change.passed_id = passed
    if whole:
        _finish(change)
    return not whole


def regrade(*, round_id: int, after_id: int = 0) -> tuple[int, int, int]:
    """Mark a round anew by the keys that hold, some chunks beyond `after_id`; returns how many were looked at, how many changed, and the last id.

    0 looked at says that all are done. For operators, who call it until then: nothing changes where marks are right, and what changes is on the record.
    """
    own_regrade(round_id)
    share_keys(round_id)
    work = _Work.of(round_id)
    passed = after_id

    def parts() -> Iterator[Marked]:
        nonlocal passed
        for _ in range(_CHUNKS_EACH):
            part = marks.read_after(round_id, after_id=passed, limit=CHUNK, questions=work.questions)
            if not len(part):
                return
            passed = int(part.ids[-1])
            yield part

    seen, changed = work.remark(parts())
    if changed:
        follow_marks(round_id)
        audit.record(
            "quiz.regrade",
            actor_id=None,
            subject=f"round:{round_id}",
            detail={"after": after_id, "upto": passed, "seen": seen, "changed": changed},
        )
    return seen, changed, passed


def follow_marks(round_id: int) -> None:
    """Let the prediction's answer and the places follow marks that changed."""
    drawn = db.session.get(QuizRound, round_id, with_for_update=True, populate_existing=True)
    if drawn is not None and drawn.actual is not None:
        drawn.actual = ranking.actual_now(contests.round_by_id(round_id, TrackKind.QUIZ))
    standing_changed(round_id)
    after_commit(lambda: stop_rebuilding(round_id))


@dataclass(frozen=True)
class _Work:
    """What marking needs of a round."""

    bank: FrozenBank
    masks: Any
    scheme: Scheme
    questions: int

    @classmethod
    def of(cls, round_id: int, changed: dict[int, str] | None = None) -> "_Work":
        bank = frozen_bank(round_id)
        keys = keys_by_version(round_id, bank) | (changed or {})
        points = params_of(contests.round_by_id(round_id, TrackKind.QUIZ)).points
        return cls(bank, masks_by_place(bank, keys), Scheme(points_per_question=points), bank.blueprint.count)

    def with_question(self, part: Marked, version_id: int) -> Marked:
        """Those of them that drew the question."""
        place = next(n for n, item in enumerate(self.bank.prepared.items) if item.key == version_id)
        held = (draw_places(self.bank.blueprint, self.bank.prepared, part.seeds) == place).any(axis=1)
        return Marked(part.ids[held], part.seeds[held], part.answers[held], part.correct[held], part.points[held])

    def remark(self, parts: Iterator[Marked]) -> tuple[int, int]:
        """Mark part after part anew, the database writing one while the next is counted; returns how many were seen and how many changed."""
        seen = changed = 0
        with marks.writing() as writer:
            part = next(parts, None)
            while part is not None:
                found = self.remarked(part)
                seen, changed = seen + len(part), changed + len(found.ids)
                writer.wait()
                part = next(parts, None)
                writer.start(found.ids, found.correct, found.points)
        return seen, changed

    def remarked(self, part: Marked) -> Remarked:
        """Those whose marks are others by the keys of now."""
        if not len(part):
            return Remarked(part.ids, part.correct, part.points, part.points)
        found = marks_of(self.bank, self.masks, part.seeds, part.answers, self.scheme)
        other = (found.correct != part.correct) | (found.points != part.points)
        return Remarked(
            part.ids[other], found.correct[other], found.points[other], found.points[other] - part.points[other]
        )


def remarked_by(
    round_id: int, version_id: int, rule: KeyRule, key: int, *, told: Callable[[int, int], None]
) -> tuple[int, list[Remarked]]:
    """What a change would do, nothing written: how many graded attempts hold the question, and which of them would have other marks.

    `told` hears how many attempts of how many are looked at.
    """
    work = _Work.of(round_id, {version_id: key_char(rule, key)})
    indexed, upto = attempts_with(round_id, version_id)
    total = len(indexed) + _graded(round_id, after_id=upto)
    holders, done, found, after = 0, 0, [], upto
    for start in range(0, len(indexed), CHUNK):
        part = marks.read_these(round_id, indexed[start : start + CHUNK], questions=work.questions)
        holders += len(part)
        found.append(work.remarked(part))
        told(done := min(start + CHUNK, len(indexed)), total)
    while len(part := marks.read_after(round_id, after_id=after, limit=CHUNK, questions=work.questions)):
        after, done = int(part.ids[-1]), done + len(part)
        part = work.with_question(part, version_id)
        holders += len(part)
        found.append(work.remarked(part))
        told(done, total)
    return holders, found


def _finish(change: KeyChange) -> None:
    change.done_at = clock.now()
    db.session.flush()
    follow_marks(change.round_id)
    audit.record(
        "quiz.regrade",
        actor_id=None,
        subject=f"round:{change.round_id}",
        detail={"change": change.id, "seen": change.seen, "changed": change.changed},
    )


def _graded(round_id: int, *, after_id: int = 0) -> int:
    graded = select(func.count()).where(Attempt.round_id == round_id, Attempt.graded_at.is_not(None))
    return db.session.scalar(graded.where(Attempt.id > after_id) if after_id else graded) or 0
