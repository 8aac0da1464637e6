"""Looking for what people should judge once a round is over: too fast, too alike, one person twice. Nothing follows from a signal by itself.

Only what the server holds is looked at, and the regulations say so. Searching again keeps what people noted and drops what no longer holds.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from contest.accounts.models import Account
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.errors import BadInput, NotFound, Refused
from contest.quiz.alike import Sat, groups_alike, stretches
from contest.quiz.ledger import RoundLedger, Signal, SignalKind, SignalState
from contest.quiz.models import Attempt
from contest.quiz.queries.keys import keys_by_version, masks_by_place
from contest.quiz.queries.papers import frozen_bank
from contest.quiz.queries.ranking import params_of
from contest.quiz.rules import FINISHED
from contest.quiz.service.standings import ledger_for_change
from question_bank.bulk import draw_places
from question_bank.grading import answer_masks

LONGEST_NOTE = 2000
_MOST_OF_A_KIND = 2000
_TAGGED = ("gmail.com", "googlemail.com")
Found = tuple[str, SignalKind, list[int], dict[str, Any]]


def rounds_to_search() -> list[int]:
    """The closed and ranked rounds not searched since their places were counted."""
    return [
        round_id
        for round_id, searched, ranked in db.session.execute(
            select(RoundLedger.round_id, RoundLedger.searched_at, RoundLedger.ranked_at)
            .join(Round, Round.id == RoundLedger.round_id)
            .where(Round.closes_at <= clock.now(), RoundLedger.ranked_at.is_not(None))
        )
        if ranked and (searched is None or searched < ranked)
    ]


def find_signals(round_id: int) -> list[Found]:
    """Look for signals in a round; nothing is written, so that a long look holds nobody up."""
    return [*_fast(round_id), *_alike(round_id), *_same_person(round_id)]


def keep_signals(round_id: int, signals: Sequence[Found], *, looked_at: datetime | None = None) -> None:
    """Keep what was found. What people have judged stays as it is; what nobody has looked at and no longer holds goes.

    `looked_at` is when the look began: places counted since then ask for another.
    """
    found = {mark: (kind, ids, evidence) for mark, kind, ids, evidence in signals}
    now = clock.now()
    ledger = ledger_for_change(round_id)
    known = set(db.session.scalars(select(Signal.mark).where(Signal.round_id == round_id)))
    stale = list(known - found.keys())
    for start in range(0, len(stale), 500):
        db.session.execute(
            delete(Signal).where(
                Signal.round_id == round_id,
                Signal.mark.in_(stale[start : start + 500]),
                Signal.state == SignalState.NEW,
            )
        )
    db.session.add_all(
        Signal(round_id=round_id, kind=kind, mark=mark, attempt_ids=ids, evidence=evidence, found_at=now)
        for mark, (kind, ids, evidence) in found.items()
        if mark not in known
    )
    ledger.searched_at = looked_at or now


def judge_signal(*, signal_id: int, state: SignalState, note: str, actor_id: int, seen: str | None = None) -> Signal:
    """Note what people make of a signal, on the record. `seen` is the moment of the last judgement on the page that was filled in, empty for none.

    Raises NotFound, BadInput for a missing or overlong note or no conclusion, Refused when somebody else judged it meanwhile.
    """
    if state is SignalState.NEW:
        raise BadInput("Bạn chưa chọn kết luận.", kept="Chưa có gì thay đổi.", todo="Bạn chọn một kết luận.")
    if not note.strip():
        raise BadInput(
            "Thiếu ghi chú.", kept="Chưa có gì thay đổi.", todo="Bạn ghi đã xem gì và vì sao kết luận như vậy."
        )
    if len(note) > LONGEST_NOTE:
        raise BadInput(
            f"Ghi chú dài quá {LONGEST_NOTE} ký tự.", kept="Chưa có gì thay đổi.", todo="Bạn rút gọn ghi chú."
        )
    query = select(Signal).where(Signal.id == signal_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("Không có tín hiệu này.")
    held = found.judged_at.isoformat() if found.judged_at else ""
    if seen not in (None, held) and (found.state, found.note) != (state, note.strip()):
        raise Refused(
            "Người khác vừa ghi kết luận cho tín hiệu này.",
            kept="Kết luận của họ giữ nguyên.",
            todo="Bạn chép lại ghi chú của mình, tải lại trang để xem rồi ghi tiếp nếu cần.",
        )
    before = found.state
    found.state, found.note = state, note.strip()
    found.judged_at, found.judged_by = clock.now(), actor_id
    audit.record(
        "signal.judge",
        actor_id=actor_id,
        subject=f"signal:{found.id}",
        reason=note,
        detail={"before": before.value, "after": state.value, "kind": found.kind.value},
    )
    return found


def _fast(round_id: int) -> list[Found]:
    """Attempts shorter than the rules find plausible with at least half of the answers right, the best first."""
    params = params_of(contests.round_by_id(round_id, TrackKind.QUIZ))
    if not params.min_seconds:
        return []
    rows = db.session.execute(
        select(Attempt.id, Attempt.duration_ms, Attempt.correct)
        .where(
            Attempt.round_id == round_id,
            Attempt.state.in_(FINISHED),
            Attempt.duration_ms < params.min_seconds * 1000,
            2 * Attempt.correct >= params.questions,
        )
        .order_by(Attempt.correct.desc(), Attempt.duration_ms)
        .limit(_MOST_OF_A_KIND)
    )
    return [
        (
            f"fast:{which}",
            SignalKind.FAST,
            [which],
            {
                "seconds": (took or 0) / 1000,
                "correct": correct,
                "questions": params.questions,
                "least": params.min_seconds,
            },
        )
        for which, took, correct in rows
    ]


def _alike(round_id: int) -> list[Found]:
    """Attempts of one unit's people that share their errors within minutes; who repeats their own errors is no signal."""
    import numpy as np

    rows = db.session.execute(
        select(Attempt.id, Attempt.entrant_id, Attempt.unit_id, Attempt.handed_in_at, Attempt.seed, Attempt.answers)
        .where(Attempt.round_id == round_id, Attempt.state.in_(FINISHED), Attempt.unit_id.is_not(None))
        .order_by(Attempt.unit_id, Attempt.handed_in_at)
    ).all()
    if not rows:
        return []
    bank = frozen_bank(round_id)
    masks = masks_by_place(bank, keys_by_version(round_id, bank))
    found: list[Found] = []
    for part in stretches([row.unit_id for row in rows]):
        here = rows[part]
        places = draw_places(bank.blueprint, bank.prepared, [row.seed for row in here])
        sat = Sat(
            ids=np.array([row.id for row in here], dtype=np.int64),
            people=np.array([row.entrant_id for row in here], dtype=np.int64),
            seconds=np.array([row.handed_in_at.timestamp() for row in here]),
            places=places,
            given=answer_masks([row.answers for row in here]),
            wanted=masks[places],
        )
        for group in groups_alike(sat, len(bank.prepared.items)):
            ids = list(group.attempt_ids)
            evidence = {"unit_id": here[0].unit_id, "attempts": len(ids), "least": group.least, "most": group.most}
            found.append((_mark("alike", ids), SignalKind.ALIKE, ids, evidence))
    return found[:_MOST_OF_A_KIND]


def _same_person(round_id: int) -> list[Found]:
    """Accounts in the round that seem to be one person's: by folded name and birth date, by e-mail address, by phone."""
    rows = db.session.execute(
        select(
            Attempt.entrant_id,
            db.func.min(Attempt.id).label("attempt_id"),
            Account.name_folded,
            Account.birth_date,
            Account.email,
            Account.phone,
            Account.guardian_phone,
        )
        .join(Account, Account.id == Attempt.entrant_id)
        .where(Attempt.round_id == round_id, Attempt.state.in_(FINISHED))
        .group_by(
            Attempt.entrant_id,
            Account.name_folded,
            Account.birth_date,
            Account.email,
            Account.phone,
            Account.guardian_phone,
        )
    )
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        if row.birth_date:
            alike["name_and_birth", row.name_folded, row.birth_date].append(row.attempt_id)
        if row.email:
            alike["email", _mailbox(row.email)].append(row.attempt_id)
        for phone in {_number(row.phone), _number(row.guardian_phone)} - {""}:
            alike["phone", phone, row.name_folded].append(row.attempt_id)
    by_ids: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for key, ids in alike.items():
        if len(ids) > 1:
            by_ids[tuple(sorted(ids))].append(key[0])
    return [
        (
            _mark("same", list(ids)),
            SignalKind.SAME_PERSON,
            list(ids),
            {"by": sorted(set(reasons)), "accounts": len(ids)},
        )
        for ids, reasons in sorted(by_ids.items())
    ][:_MOST_OF_A_KIND]


def _mailbox(address: str) -> str:
    """An address without what its provider leaves out: a tag after "+", and dots where the provider ignores them."""
    local, _, host = address.casefold().partition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '')}@gmail.com" if host in _TAGGED else f"{local}@{host}"


def _number(phone: str | None) -> str:
    """The last nine digits of a phone number."""
    return "".join(char for char in phone or "" if char.isdigit())[-9:]


def _mark(word: str, ids: list[int]) -> str:
    return f"{word}:{hashlib.sha256(','.join(map(str, ids)).encode()).hexdigest()[:40]}"
