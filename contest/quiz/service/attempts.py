"""Use cases of a sitting, which is the quiz's hot path: begin, save, hand in, expire. Routes and the sweep call them inside a unit of work.

Core statements, no rows loaded: whoever sits is named by `who`, an account id or the hash of a session token; with a token the statement itself
checks that the session lives.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.accounts.models import Account
from contest.contests.rules import QuizParams, RoundState, state_of, ticking
from contest.core import clock
from contest.core.db import db, execute
from contest.core.errors import BadInput, NotFound, Refused
from contest.entries.rules import new_receipt
from contest.quiz import rules
from contest.quiz.models import Attempt
from contest.quiz.queries.papers import Organised, Sitting, frozen_bank
from contest.quiz.rules import AttemptState, Packet
from contest.quiz.service.statements import CLOCK, DUE, END, FACTS_BY, INSERTING, NUMBERED, OPEN_ONE, READ_BY, saving
from question_bank import answers as codes
from question_bank.draw import SEED_BITS

Who = int | str
_TRIES = 5


@dataclass(frozen=True)
class Begun:
    """The attempt that a press on start leads to. `sitting` is what its page shows when it began just now, else None."""

    attempt_id: int
    sitting: Sitting | None = None


@dataclass(frozen=True)
class Saved:
    """What a packet left behind: its number, all the answers as they are now, when it was kept, and until when more may come."""

    sequence: int
    answers: str
    saved_at: datetime
    deadline: datetime
    paused_at: datetime | None = None

    @property
    def remaining_ms(self) -> int:
        """Milliseconds left when it was kept."""
        return rules.remaining_ms(self.saved_at, deadline=self.deadline, paused_at=self.paused_at)


@dataclass(frozen=True)
class Held(rules.Clocked):
    """What the server holds of an attempt."""

    state: AttemptState
    sequence: int
    answers: str
    marked: str
    prediction: int | None
    saved_at: datetime | None
    deadline: datetime
    paused_at: datetime | None
    shape: str


@dataclass(frozen=True)
class HandedIn:
    """The end of an attempt. `fresh` is False when it had ended before; then what came with the press was not taken."""

    attempt_id: int
    state: AttemptState
    receipt: str | None
    handed_in_at: datetime | None
    fresh: bool


def start(*, round_id: int, entrant: Account) -> Attempt:
    """`begin` for a known person, with the attempt's row."""
    begun = begin(round_id=round_id, who=entrant.id)
    return db.session.get_one(Attempt, begun.attempt_id, populate_existing=True)


def begin(*, round_id: int, who: Who, number: int | None = None) -> Begun:
    """The entrant's open attempt in the round, begun now if there is none; pressed twice, or by many threads, it finds the first.

    `number` is the attempt that the press was offered for: an old press, sent again by a reload after that attempt has ended, finds it and
    never spends another. Raises NotFound for an unknown round or session, Refused when the round takes no attempts now or all attempts are used.
    """
    now = clock.now()
    facts = db.session.execute(
        FACTS_BY[isinstance(who, str)], {"round": round_id, "who": who, "token": who, "now": now}
    ).first()
    if facts is None:
        raise NotFound("Không có đợt thi này.")
    if facts.open_id is not None and facts.open_deadline > ticking(now, facts.paused_at):
        return Begun(facts.open_id)
    if facts.open_id is not None:
        hand_in(attempt_id=facts.open_id, who=facts.entrant_id)
    if number is not None and 0 < number <= facts.used:
        pressed = {"round": round_id, "who": facts.entrant_id, "number": number}
        return Begun(db.session.execute(NUMBERED, pressed).scalar_one())
    state = state_of(opens_at=facts.opens_at, closes_at=facts.closes_at, paused_at=facts.paused_at, now=now)
    if state is not RoundState.OPEN:
        raise _not_open(facts.title, state)
    params = QuizParams.read(facts.params)
    allowed = params.attempts + facts.extra_attempts
    if params.attempts and facts.used >= allowed:
        raise Refused(
            f"Bạn đã dùng hết {allowed} lượt thi của {facts.title}.",
            kept="Kết quả các lượt đã nộp vẫn còn nguyên.",
            todo="Bạn xem kết quả ở trang Thi trắc nghiệm.",
        )
    return _insert(facts, params, round_id=round_id, number=facts.used + 1, now=now)


def save(*, attempt_id: int, who: Who, packet: Packet) -> Saved | None:
    """Keep a packet in one statement that checks owner, session, state, deadline and sequence; None when it changed nothing: `held` says why.

    Only while the round is paused another statement asks how the clock stands.
    """
    now = clock.now()
    positions = sorted(packet.changes) if packet.answers is None else []
    whole = None if packet.answers is None else rules.merged(packet.answers, packet)
    if whole is not None and not rules.fits_shape(held(attempt_id=attempt_id, who=who).shape, dict(enumerate(whole))):
        return None
    marked = packet.marked
    if packet.toggled:
        kept = held(attempt_id=attempt_id, who=who)
        marked = rules.toggled(kept.marked, packet, questions=len(kept.answers))
    statement = saving(isinstance(who, str), len(positions), whole is not None, packet.sequence is not None)
    values: dict[str, Any] = {
        "which": attempt_id,
        "who": who,
        "token": who,
        "now": now,
        "new_marked": marked,
        "new_prediction": packet.prediction,
        "new_sequence": packet.sequence,
        "whole": whole,
        "last": positions[-1] if positions else 0,
        "head": positions[0] if positions else 0,
    }
    for index, position in enumerate(positions):
        values[f"char{index}"] = packet.changes[position]
        values[f"from{index}"] = position + 2
        values[f"place{index}"], values[f"needs{index}"] = position + 1, codes.least_choices(packet.changes[position])
        following = positions[index + 1] if index + 1 < len(positions) else rules.MOST_QUESTIONS + 1
        values[f"span{index}"] = following - position - 1
    row = execute(statement, values).first()
    if row is None:
        return None
    # A save that waited for the end of a pause has the deadline of after it and, as PostgreSQL reads, the pause of before it.
    stands = row if row.paused_at is None else execute(CLOCK, {"which": attempt_id}).one()
    return Saved(row.sequence, row.answers, now, stands.deadline, stands.paused_at)


def held(*, attempt_id: int, who: Who) -> Held:
    """What the server holds of the entrant's own attempt; raises NotFound."""
    row = _read(attempt_id, who)
    return Held(
        state=row.state,
        sequence=row.sequence,
        answers=row.answers,
        marked=row.marked,
        prediction=row.prediction,
        saved_at=row.saved_at,
        deadline=row.deadline,
        paused_at=row.paused_at,
        shape=row.shape,
    )


def hand_in(
    *, attempt_id: int, who: Who | None = None, entrant_id: int | None = None, packet: Packet | None = None
) -> HandedIn:
    """Hand in, exactly once, with the last packet; pressed again it tells the same receipt. `entrant_id` is another name for `who`.

    Once the deadline has passed the attempt is handed in with what it held, as the sweep would have done. It is read, and ended by one statement
    that changes nothing if the attempt is no longer what was read; then it is read again. Raises NotFound, and BadInput for a choice that a
    question lacks.
    """
    for _ in range(_TRIES):
        row = _read(attempt_id, who if who is not None else entrant_id or 0)
        if row.state is not AttemptState.OPEN:
            return HandedIn(attempt_id, row.state, row.receipt, row.handed_in_at, fresh=False)
        done = _end(row, packet or Packet())
        if done:
            return done
    raise Refused("Chưa nộp được bài.", kept="Câu trả lời đã lưu vẫn còn nguyên.", todo="Bạn bấm Nộp bài lần nữa.")


def _end(row: Any, packet: Packet) -> HandedIn | None:
    """End an open attempt as its clock says: in time with the packet, else with what it held."""
    now = clock.now()
    if ticking(now, row.paused_at) >= row.deadline:
        return _finish(row, AttemptState.EXPIRED, at=row.deadline, packet=Packet())
    if packet.sequence is not None and packet.sequence <= row.sequence:
        packet = Packet(prediction=packet.prediction)
    sent = packet.changes if packet.answers is None else dict(enumerate(rules.merged(packet.answers, packet)))
    if not rules.fits_shape(row.shape, sent):
        raise impossible_answer()
    return _finish(row, AttemptState.HANDED_IN, at=now, packet=packet)


def impossible_answer() -> BadInput:
    """A packet that marks a choice which its question lacks: nothing of it is kept."""
    return BadInput(
        "Có câu chọn một phương án mà đề không có nên máy chủ không nhận lần gửi này.",
        kept="Bài chưa nộp. Những câu đã lưu trước đó vẫn còn nguyên.",
        todo="Bạn tải lại trang rồi chọn lại câu đó.",
    )


def expire_due() -> int:
    """Hand in attempts whose time ran out, with what they held; returns how many. The sweep calls it until it returns 0."""
    due = db.session.execute(DUE, {"now": clock.now()}).all()
    return sum(_finish(row, AttemptState.EXPIRED, at=row.deadline, packet=Packet()) is not None for row in due)


def _insert(facts: Any, params: QuizParams, *, round_id: int, number: int, now: datetime) -> Begun:
    """Insert the attempt under its constraints; who comes second finds what the first inserted."""
    bank, seed = frozen_bank(round_id, facts.frozen_at), secrets.randbits(SEED_BITS)
    values: dict[str, Any] = {
        "round_id": round_id,
        "entrant_id": facts.entrant_id,
        "unit_id": facts.unit_id,
        "number": number,
        "seed": seed,
        "state": AttemptState.OPEN,
        "started_at": now,
        "deadline": rules.deadline(
            started_at=now,
            minutes=params.minutes,
            extra_seconds=0,
            closes_at=facts.closes_at,
            close_cuts_short=params.close_cuts_short,
            extra_percent=facts.extra_percent,
        ),
        "extra_seconds": 0,
        "shape": bank.shape(seed),
        "answers": codes.blank(bank.blueprint.count),
        "marked": "",
        "sequence": 0,
    }
    inserting = INSERTING[db.session.get_bind().dialect.name]
    of = {"paper_of": round_id, "time_of": facts.entrant_id}
    made = db.session.execute(inserting, values | of).one_or_none()
    if made is not None:
        _still_so(facts, made)
        shown = {
            name: values[name] for name in ("round_id", "state", "seed", "deadline", "answers", "marked", "sequence")
        }
        organised = Organised(facts.contest_title, facts.contest_phone)
        rest = {"saved_at": None, "frozen_at": facts.frozen_at, "paused_at": None, "large_print": facts.large_print}
        rest |= {"prediction": None, "round_title": facts.title, "params": facts.params}
        return Begun(made.id, Sitting(organised, id=made.id, **shown, **rest))
    first = db.session.scalar(OPEN_ONE, {"round": round_id, "who": facts.entrant_id})
    if first is None:
        raise Refused("Lượt thi vừa kết thúc ở một cửa sổ khác.", todo="Bạn mở lại trang Thi trắc nghiệm.")
    return Begun(first)


def _still_so(facts: Any, made: Any) -> None:
    """Refuse a start whose paper or time was changed while it waited: it would sit by what no longer holds."""
    if made.frozen_at != facts.frozen_at:
        changed = "Ban Tổ chức vừa chốt lại đề."
    elif made.extra_percent != facts.extra_percent:
        changed = "Ban Tổ chức vừa đổi thời gian làm bài của bạn."
    else:
        return
    raise Refused(changed, kept="Chưa có lượt nào bị tính.", todo="Bạn bấm Bắt đầu lần nữa.")


def _finish(row: Any, state: AttemptState, *, at: datetime, packet: Packet) -> HandedIn | None:
    """End an open attempt with its receipt and seal; None when it is no longer as it was read, or the receipt is somebody's already."""
    answers = rules.merged(row.answers, packet)
    guess = row.prediction if packet.prediction is None else packet.prediction
    prediction = None if guess == rules.NO_GUESS else guess
    marked = rules.toggled(row.marked, packet, questions=len(row.answers))
    receipt = new_receipt(f"TN{row.round_number}")
    values = {
        "which": row.id,
        "read_sequence": row.sequence,
        "read_deadline": row.deadline,
        "slip": receipt,
        "end": state,
        "ended": at,
        "final_answers": answers,
        "final_marked": row.marked if marked is None else marked,
        "final_prediction": prediction,
        "final_sequence": max(row.sequence, packet.sequence or 0),
        "seal": rules.seal(receipt=receipt, answers=answers, prediction=prediction, handed_in_at=at),
        "took": max(0, rules.milliseconds(row.started_at, ticking(at, row.paused_at)) - row.paused_ms),
    }
    return HandedIn(row.id, state, receipt, at, fresh=True) if execute(END, values).first() else None


def _read(attempt_id: int, who: Who) -> Any:
    row = execute(
        READ_BY[isinstance(who, str)], {"which": attempt_id, "who": who, "token": who, "now": clock.now()}
    ).first()
    if row is None:
        raise NotFound("Không có lượt thi này.")
    return row


def _not_open(title: str, state: RoundState) -> Refused:
    words, todo = {
        RoundState.SOON: ("chưa mở", "Bạn xem giờ mở ở trang Thi trắc nghiệm."),
        RoundState.PAUSED: ("đang tạm dừng", "Bạn chờ Ban Tổ chức mở lại. Lượt đang làm vẫn lưu và nộp được."),
        RoundState.CLOSED: ("đã đóng", "Bạn xem bảng xếp hạng, hoặc chờ đợt sau."),
    }[state]
    return Refused(f"{title} {words}.", kept="Các lượt đã nộp vẫn còn nguyên.", todo=todo)
