"""Counting the places of a closed round beside workers that grade and that mark anew; the job `rank` calls it."""

from sqlalchemy import select

from contest.core.db import db
from contest.quiz.ledger import KeyChange
from contest.quiz.service.locks import own_places
from contest.quiz.service.standings import rank_round, rounds_to_rank


def count_places(round_id: int) -> bool:
    """Count the places of a round that needs it, while nobody grades there; False when another has just done so, or a changed key is not applied yet.

    A batch graded while its round was being counted would be neither in the count nor ask for another.
    """
    own_places(round_id)
    marked_anew = select(KeyChange.id).where(KeyChange.round_id == round_id, KeyChange.done_at.is_(None)).limit(1)
    if db.session.scalar(marked_anew) or round_id not in rounds_to_rank():
        return False
    rank_round(round_id)
    return True
