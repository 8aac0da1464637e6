"""The trail of an objection about an attempt: the complaint as it came in, what was decided; the organisers' desk writes it in a unit of work."""

from sqlalchemy import select

from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz.models import Attempt, AttemptNote
from contest.quiz.queries.objections import is_waiting
from contest.quiz.rules import NoteKind

LONGEST_NOTE = 2000


def note(*, attempt_id: int, kind: NoteKind, body: str, actor_id: int) -> AttemptNote:
    """Add a step to the trail; nothing in it is ever changed. A decision needs a complaint that waits for one, and one complaint waits at a time.

    Raises NotFound, BadInput for an empty or overlong text, Refused for a step that does not follow.
    """
    text = body.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise BadInput(f"Nội dung cần từ 1 đến {LONGEST_NOTE} ký tự.", kept="Chưa có gì được ghi.")
    # One step at a time, but not against those who only point at the attempt: a count of places does so for as long as it lasts.
    one_step = select(Attempt.id).where(Attempt.id == attempt_id).with_for_update(key_share=True)
    if db.session.scalar(one_step) is None:
        raise NotFound("Không có lượt thi này.")
    waiting = is_waiting(attempt_id)
    if kind in (NoteKind.UPHELD, NoteKind.DISMISSED) and not waiting:
        raise Refused("Không có khiếu nại nào đang chờ trả lời.", todo="Bạn ghi khiếu nại trước khi ghi quyết định.")
    if kind is NoteKind.COMPLAINT and waiting:
        raise Refused(
            "Khiếu nại trước của lượt thi này chưa được trả lời.", todo="Bạn ghi quyết định cho khiếu nại đó trước."
        )
    made = AttemptNote(attempt_id=attempt_id, kind=kind, body=text, actor_id=actor_id, written_at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit.record(
        "attempt.note", actor_id=actor_id, subject=f"attempt:{attempt_id}", detail={"note": made.id, "kind": kind.value}
    )
    return made
