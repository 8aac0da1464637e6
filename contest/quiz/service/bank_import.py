"""Importing questions into the bank: the desk after a preview, the operator's command and the demo call it in a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from contest.core import audit
from contest.core.db import db
from contest.quiz import queries
from contest.quiz.drafts import Draft, Picture
from contest.quiz.models import Question
from contest.quiz.queries.looks import Imported
from contest.quiz.service import bank
from question_bank import checks, shortening
from question_bank.schema import Question as BankQuestion

_LOCKED_AT_ONCE = 500
_NEW = 0  # the number of a question that has none yet


@dataclass
class _Codes:
    """The codes of the bank with the numbers of their questions, and those given out in this import."""

    taken: dict[str, int]
    given: set[str]

    def free(self, wanted: str) -> str:
        """The code wanted, or the next one like it that nobody has."""
        code, number = wanted, 2
        while code in self.taken:
            ending = f"-{number}"
            code, number = wanted[: shortening.KEPT_CODE - len(ending)] + ending, number + 1
        return code


def import_questions(
    *,
    contest_id: int,
    questions: Sequence[BankQuestion],
    actor_id: int | None,
    source: str = "",
    versions: bool = True,
    pictures: Mapping[int, Picture] | None = None,
    given: set[str] | None = None,
) -> Imported:
    """Add questions to the bank; those already there word for word are passed over, so that an import may be repeated.

    `pictures` are those of `bank_pictures.draw_pictures` by the places of their questions; the same words with another picture are another question.
    A question whose code another has becomes that question's next version, or without `versions` a new question under the next free code. Two
    questions of one import with the same code are always two questions; of a long code a short one is kept that no other long code has. `given`
    holds the codes of the earlier parts of an import that comes in parts, and gets those of this one.
    """
    bank.lock(contest_id)
    known = queries.known(contest_id)
    shown = pictures or {}
    codes = _Codes(queries.codes(contest_id), set() if given is None else given)
    added: list[tuple[Question, Draft]] = []
    replaced: set[int] = set()
    for place, question in enumerate(checks.pin_all(questions)):
        digest, picture = bank.digest_of(question), shown.get(place)
        wanted = shortening.code(question.code or f"Q-{digest[:10]}")
        if known.holds(digest, picture):
            codes.given.add(wanted)
            continue
        known.add(digest, picture)
        same = versions and bool(question.code) and wanted not in codes.given
        row = db.session.get(Question, codes.taken[wanted]) if same and wanted in codes.taken else None
        if row is None:
            row = bank.new_question(contest_id, codes.free(wanted))
            codes.taken[row.code] = _NEW
        else:
            replaced.add(row.id)
        codes.given.add(row.code)
        draft = Draft(replace(question, picture=None), picture=picture.worded() if picture else None)
        added.append((row, draft))
    db.session.flush()
    _write(added, replaced)
    audit.record(
        "bank.import",
        actor_id=actor_id,
        subject=f"contest:{contest_id}",
        reason=source[:500],
        detail={"added": len(added), "known": len(questions) - len(added), "versions": len(replaced)},
    )
    return Imported(added=len(added), known=len(questions) - len(added), versions=len(replaced))


def _write(added: Sequence[tuple[Question, Draft]], replaced: set[int]) -> None:
    """All versions in one go; a question that has some already gets the next, once whoever edits it now is done."""
    ids = sorted(replaced)
    for start in range(0, len(ids), _LOCKED_AT_ONCE):
        part = Question.id.in_(ids[start : start + _LOCKED_AT_ONCE])
        db.session.execute(select(Question.id).where(part).order_by(Question.id).with_for_update())
    for row, draft in added:
        if row.id in replaced:
            bank.write_version(row, draft)
        else:
            db.session.add(bank.version_of(row, draft, number=1))
    db.session.flush()
