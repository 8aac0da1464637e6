"""Use case of the gallery that needs to know how judging stands; the organisers' desk calls it inside a unit of work."""

from contest.contests import service as rounds
from contest.contests.models import Round
from contest.core.errors import Refused
from contest.judging import queries
from contest.photo import service as photo


def release_gallery(*, round_id: int, actor_id: int, reason: str) -> Round:
    """Show the works of a photo round to everybody once its judging is over, on the record; raises NotFound, BadInput without a reason, Refused.

    It holds the round, as whoever opens a stage does: a gallery never stands beside a stage that is open.
    """
    rounds.locked(round_id)
    if not queries.is_judged(round_id):
        raise Refused(
            "Đợt này chưa chấm xong nên chưa mở thư viện ảnh được.",
            kept="Chưa có ảnh nào được công khai.",
            todo="Bạn đóng vòng chấm của đợt rồi mở thư viện: khi giám khảo còn chấm, ảnh không hiện công khai.",
        )
    return photo.release_gallery(round_id=round_id, actor_id=actor_id, reason=reason)
