"""Looking at a changed key before it is made, and making what was seen: at once in a small round, by a job in a large one; the desk and the job call it."""

from functools import partial

import redis
import structlog

from contest.core import clock, queue
from contest.core.display import vn_time
from contest.core.errors import BadInput, DomainError, Refused
from contest.quiz import rules
from contest.quiz.ledger import KeyChange
from contest.quiz.queries import previews as queries
from contest.quiz.queries.previews import LASTS, WAITING, Ground, Preview, Wanted
from contest.quiz.service.locks import own_keys
from contest.quiz.service.preview import preview
from contest.quiz.service.regrading import change_key, check_change

log = structlog.get_logger(__name__)


def preview_of(wanted: Wanted) -> Preview | None:
    """What a change would do: worked out now in a small round, as the job left it in a large one, None before that.

    Raises what `change_key` raises, but for a missing reason.
    """
    check_change(round_id=wanted.round_id, version_id=wanted.version_id, rule=wanted.rule, key=wanted.key)
    if queries.graded_count(wanted.round_id) < rules.LARGE:
        return preview(wanted)
    return queries.kept_preview(wanted)


def ask_for_preview(wanted: Wanted) -> bool:
    """Put a change of a large round before the job that looks at such; pressed again while it waits or runs, nothing is added. False for a small round.

    Raises what `change_key` raises, but for a missing reason, and Refused without Redis.
    """
    check_change(round_id=wanted.round_id, version_id=wanted.version_id, rule=wanted.rule, key=wanted.key)
    if queries.graded_count(wanted.round_id) < rules.LARGE:
        return False
    try:
        if WAITING.ask(wanted.word):
            queue.connection().delete(WAITING.key(wanted.word))
    except redis.RedisError as error:
        log.warning("preview_not_asked", error=type(error).__name__)
        raise Refused(
            "Hàng đợi đang gián đoạn nên chưa tính được bản xem trước.",
            kept="Chưa có gì thay đổi.",
            todo="Bạn thử lại sau ít phút.",
        ) from None
    return True


def preview_next() -> bool:
    """Work out one preview that was asked for and that no living worker has; False when there is none. What a killed worker held is taken up again."""
    mine = WAITING.take()
    if mine is None:
        return False
    with WAITING.at_work(mine):
        try:
            found = preview(Wanted.read(mine), partial(WAITING.tell, mine))
            queue.connection().set(WAITING.key(mine), queries.packed(found), ex=LASTS)
        except DomainError as error:
            log.info("preview_refused", wanted=mine, why=error.happened)
    return True


def confirm_change(wanted: Wanted, *, seen: str, actor_id: int, reason: str) -> KeyChange:
    """Make a change whose preview was seen: `seen` is the token of its ground. Raises what `change_key` raises, and Refused when it holds no more or is of another change."""
    looked = Ground.read(seen)
    if looked is None:
        raise BadInput(
            "Chưa xem trước thay đổi này.", kept="Chưa có gì thay đổi.", todo="Bạn bấm Xem trước rồi mới đổi."
        )
    own_keys(wanted.round_id)
    round_, _ = check_change(round_id=wanted.round_id, version_id=wanted.version_id, rule=wanted.rule, key=wanted.key)
    if looked.change != wanted.mark:
        raise Refused(
            "Thay đổi vừa gửi không phải thay đổi đã xem trước.",
            kept="Đáp án và điểm giữ nguyên.",
            todo="Bạn quay lại, bấm Xem trước với đúng cách chấm muốn đổi.",
            title="Chưa xem trước thay đổi này",
        )
    todo = "Bạn quay lại, bấm Xem trước lần nữa rồi quyết định theo số liệu mới."
    if not -LASTS <= clock.now() - looked.at <= LASTS:
        raise Refused(
            f"Bản xem trước lúc {vn_time(looked.at)} đã quá một giờ.",
            kept="Đáp án và điểm giữ nguyên.",
            todo=todo,
            title="Bản xem trước đã cũ",
        )
    changed = queries.changed_since(looked, queries.ground_of(round_, wanted))
    if changed:
        raise Refused(
            f"Từ lúc xem trước ({vn_time(looked.at)}), {', '.join(changed)} đã thay đổi.",
            kept="Đáp án và điểm giữ nguyên.",
            todo=todo,
            title="Bản xem trước đã cũ",
        )
    return change_key(
        round_id=wanted.round_id,
        version_id=wanted.version_id,
        rule=wanted.rule,
        key=wanted.key,
        actor_id=actor_id,
        reason=reason,
    )
