"""Reads for results: who is to be ranked, what stands in the way of publishing, what is public."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import QuizParams, RoundState, TieBreak, TrackKind
from contest.core import vietnamese
from contest.core.db import db
from contest.core.display import clock as shown_clock
from contest.core.display import lower_first, vn_datetime, vn_number
from contest.core.errors import NotFound
from contest.entries import queries as entries
from contest.entries.models import Entry
from contest.judging import queries as judging
from contest.quiz import queries as quiz
from contest.quiz.queries import RankedAttempt
from contest.results.models import Award, Prize, Publication
from contest.results.rules import Candidate, Given, Held, Placed, PrizeOffer, Value, called, rank
from contest.units import queries as units

MOST_EQUALS = 300


@dataclass(frozen=True)
class Ranking:
    """The highest places of a round, and how many are ranked in all. Equals are never parted, but `rest` more than are read may share the last place."""

    placed: list[Placed]
    ranked: int
    rest: int = 0


def ranking(round_: Round, now: datetime, *, below: int = 0) -> Ranking:
    """A round in the rules' order, with what decided each place, at least as far as its prizes can reach and `below` places more.

    Essays and photographs are ranked to the last. Of a quiz only the head is read: its prizes go to no more people than they have places, and pass
    over no more than have a prize elsewhere; of equals beyond that a few hundred are enough to see that they cannot be parted.
    """
    if round_.track.kind is not TrackKind.QUIZ:
        placed = rank(_judged_candidates(round_))
        return Ranking(placed, len(placed))
    reach = sum(prize.places for prize in prizes_of(round_.id)) + len(held_elsewhere(round_)) + below
    head = quiz.ranking_head(round_, now, least=max(reach, 1), most=reach + MOST_EQUALS)
    return Ranking(rank(_quiz_candidates(round_, head.rows))[: head.whole], head.eligible, head.rest)


def sharing(round_: Round, now: datetime, place: int) -> Iterator[Candidate]:
    """Everybody who has this place, however many; nobody where no place has that number."""
    if round_.track.kind is not TrackKind.QUIZ:
        yield from (placed.candidate for placed in rank(_judged_candidates(round_)) if placed.place == place)
        return
    first = next(quiz.ranking_rows(round_, now, first=place, last=place), None)
    if first and first.place == place:
        for row in quiz.ranking_rows(round_, now, first=place, last=first.last_equal):
            yield from _quiz_candidates(round_, [row])


def hindrances(round_: Round, now: datetime) -> list[str]:
    """What must still happen before the round's result may be published, as Vietnamese sentences; empty when nothing does."""
    if round_.state(now) is not RoundState.CLOSED:
        return ["Đợt này chưa đóng."]
    if round_.track.kind is TrackKind.QUIZ:
        unfinished, ungraded = quiz.open_count(round_.id), quiz.ungraded_count(round_.id)
        return [
            *([f"Còn {vn_number(unfinished)} lượt thi đang làm."] if unfinished else []),
            *([f"Còn {vn_number(ungraded)} lượt thi chờ máy chấm."] if ungraded else []),
            *quiz.unsettled(round_),
        ]
    held = entries.held_count(round_id=round_.id)
    unread = [f"Còn {vn_number(held)} bài chờ xem danh tính."] if held else []
    stages = judging.stages_of(round_.id)
    if not stages:
        return [*unread, "Chưa lập hội đồng chấm cho đợt này."]
    found = judging.scores(stages[-1].id)
    waiting = sum(score.mean is None for score in found)
    return [
        *unread,
        *(["Chưa phân công bài nào cho giám khảo."] if not found else []),
        *([f"Còn {vn_number(waiting)} bài chưa đủ phiếu chấm đã ký."] if waiting else []),
        *([] if stages[-1].closed_at else [f"{stages[-1].title} chưa đóng: bạn đóng vòng chấm trước khi công bố."]),
    ]


def is_veiled(round_: Round) -> bool:
    """True while works are told by their blind codes alone: until their judging is over, or a publication that stands has named the authors."""
    return (
        round_.track.kind is not TrackKind.QUIZ
        and not judging.is_judged(round_.id)
        and standing_publication(round_.id) is None
    )


def prizes_of(round_id: int) -> Sequence[Prize]:
    """The prizes of a round, highest first; those of earlier tables that a revoked publication still names are left out."""
    query = select(Prize).where(Prize.round_id == round_id, Prize.position > 0)
    return db.session.scalars(query.order_by(Prize.position)).all()


def places_of_prizes(round_id: int) -> int:
    """How many prizes a round has in all; 0 before its table is set."""
    query = select(func.coalesce(func.sum(Prize.places), 0)).where(Prize.round_id == round_id, Prize.position > 0)
    return int(db.session.scalar(query) or 0)


def offers(round_id: int) -> list[PrizeOffer]:
    """The prizes of a round as the rules take them."""
    return [PrizeOffer(id=p.id, name=p.name, places=p.places, amount=p.amount) for p in prizes_of(round_id)]


def publications() -> Sequence[Publication]:
    """Every publication, newest first, revoked ones too."""
    return db.session.scalars(select(Publication).order_by(Publication.number.desc())).all()


def newest(limit: int) -> Sequence[Publication]:
    """The newest publications that stand."""
    return db.session.scalars(
        select(Publication).where(Publication.revoked_at.is_(None)).order_by(Publication.number.desc()).limit(limit)
    ).all()


def publication_by_number(number: int) -> Publication:
    """The publication of that number; raises NotFound."""
    found = db.session.scalar(select(Publication).where(Publication.number == number))
    if found is None:
        raise NotFound("Không có công bố số này.")
    return found


def replaced_by(found: Publication) -> Publication | None:
    """The newest publication of the same round after this one."""
    return db.session.scalar(_of_the_round(found).where(Publication.number > found.number).limit(1))


def replaces(found: Publication) -> Publication | None:
    """The last publication of the same round before this one."""
    return db.session.scalar(_of_the_round(found).where(Publication.number < found.number).limit(1))


def _of_the_round(found: Publication) -> Select[Publication]:
    return select(Publication).where(Publication.round_id == found.round_id).order_by(Publication.number.desc())


def standing_publication(round_id: int) -> Publication | None:
    """The publication of a round that stands, if there is one."""
    return db.session.scalar(
        select(Publication).where(Publication.round_id == round_id, Publication.revoked_at.is_(None))
    )


def awards_of(account_id: int) -> Sequence[Award]:
    """A person's awards in publications that stand, newest first."""
    return db.session.scalars(
        select(Award)
        .join(Publication, Publication.id == Award.publication_id)
        .options(joinedload(Award.publication))
        .where(Award.account_id == account_id, Publication.revoked_at.is_(None))
        .order_by(Award.id.desc())
    ).all()


def held_elsewhere(round_: Round) -> dict[int, Held]:
    """The best prize that people have in standing publications of the track's other rounds, by account; empty where the rules let a person have several."""
    if not _best_prize_only(round_):
        return {}
    query = (
        select(Award.account_id, Prize.name, Prize.amount, Prize.position, Round.title, Publication.number)
        .join(Publication, Publication.id == Award.publication_id)
        .join(Prize, Prize.id == Award.prize_id)
        .join(Round, Round.id == Publication.round_id)
        .where(Round.track_id == round_.track_id, Round.id != round_.id, Publication.revoked_at.is_(None))
        .order_by(Publication.number)
    )
    best: dict[int, Held] = {}
    for account_id, name, amount, position, title, number in db.session.execute(query):
        found = Held(name=name, amount=amount, position=position, round_title=lower_first(title), number=number)
        if account_id not in best or found.worth > best[account_id].worth:
            best[account_id] = found
    return best


def bettered(standing: Publication, round_: Round) -> list[tuple[str, Held]]:
    """Who of a standing publication has a better prize in another round by now, by name: the rules want this prize given to the next."""
    held = held_elsewhere(round_)
    query = (
        select(Award.account_id, Award.place, Prize.amount, Prize.position)
        .join(Prize, Prize.id == Award.prize_id)
        .where(Award.publication_id == standing.id)
        .order_by(Award.place)
    )
    return [
        (standing.body["rows"][row - 1]["name"], held[account_id])
        for account_id, row, amount, position in db.session.execute(query)
        if account_id in held and held[account_id].worth > (amount, -position)
    ]


def published(standing: Publication) -> list[Given]:
    """The awards of a publication, in its order."""
    query = (
        select(Award.account_id, Award.entry_id, Award.place, Prize.id, Prize.name)
        .join(Prize, Prize.id == Award.prize_id)
        .where(Award.publication_id == standing.id)
        .order_by(Award.place)
    )
    rows = standing.body["rows"]
    return [
        Given(entry_id or account_id, called(line["name"], line["work"]), prize_id, prize, line["unit"])
        for account_id, entry_id, row, prize_id, prize in db.session.execute(query)
        for line in (rows[row - 1],)
    ]


def unpublished_places(round_: Round, account_ids: Iterable[int]) -> list[tuple[int, Round, int]]:
    """Where these people stand within the prizes of other rounds that are closed now and not published yet: account, round, place; best place first.

    Empty where the rules of `round_` let a person have several prizes.
    """
    if not _best_prize_only(round_):
        return []
    others = {
        other.id: (other, sum(prize.places for prize in prizes_of(other.id)))
        for other in round_.track.rounds
        if other.id != round_.id and not standing_publication(other.id)
    }
    found = [
        (account_id, others[round_id][0], place)
        for account_id, places in quiz.places_over_rounds(account_ids).items()
        for round_id, place in places.items()
        if round_id in others and place <= others[round_id][1]
    ]
    return sorted(found, key=lambda line: (line[2], line[1].number, line[0]))


def _best_prize_only(round_: Round) -> bool:
    return isinstance(round_.rules, QuizParams) and round_.rules.best_prize_only


def next_number(contest_id: int) -> int:
    """The number that the contest's next publication takes."""
    return (
        db.session.scalar(select(func.max(Publication.number)).where(Publication.contest_id == contest_id)) or 0
    ) + 1


def _quiz_candidates(round_: Round, rows: Sequence[RankedAttempt]) -> list[Candidate]:
    rules = round_.rules
    assert isinstance(rules, QuizParams)
    return [
        Candidate(
            id=row.attempt_id,
            account_id=row.entrant_id,
            name=row.full_name,
            name_key=vietnamese.name_sort_key(row.full_name),
            unit=row.unit_name,
            title="",
            values=tuple(_quiz_value(criterion, row, rules) for criterion in rules.order),
            unit_id=row.unit_id,
        )
        for row in rows
        if row.eligible
    ]


def _quiz_value(criterion: TieBreak, row: RankedAttempt, rules: QuizParams) -> Value:
    """How one criterion compares an attempt; nobody who made no prediction stands before one who did."""
    match criterion:
        case TieBreak.SCORE:
            return Value(criterion, "Điểm", -row.points, vn_number(row.points))
        case TieBreak.PREDICTION:
            missing = row.prediction_error is None
            return Value(
                criterion,
                "Chênh lệch dự đoán",
                10**12 if missing else row.prediction_error or 0,
                "không dự đoán"
                if missing
                else vn_number((row.prediction_error or 0) / rules.scale, rules.prediction_decimals),
                alone=missing,
            )
        case TieBreak.DURATION:
            return Value(criterion, "Thời gian", row.duration_ms, shown_clock(row.duration_ms / 1000))
        case TieBreak.SUBMITTED:
            return Value(criterion, "Nộp bài", _microseconds(row.handed_in_at), vn_datetime(row.handed_in_at))
        case TieBreak.STARTED:
            return Value(criterion, "Bắt đầu", _microseconds(row.started_at), vn_datetime(row.started_at))
        case TieBreak.PERFECT:
            return Value(criterion, "Lượt đúng hết", -row.perfect, vn_number(row.perfect))
        case TieBreak.LOT:
            return Value(criterion, "Bốc thăm", int(row.lot or "0", 16), row.lot[:8])


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _judged_candidates(round_: Round) -> list[Candidate]:
    stages = judging.stages_of(round_.id)
    if not stages:
        return []
    settled = [score for score in judging.scores(stages[-1].id) if score.mean is not None]
    if is_veiled(round_):
        return [
            Candidate(
                id=score.entry.id,
                account_id=score.entry.entrant_id,
                name=score.entry.blind_code or "",
                name_key=score.entry.blind_code or "",
                unit="",
                title="",
                values=(_mean(score),),
            )
            for score in settled
        ]
    people = {
        account.id: account
        for account in db.session.scalars(
            select(Account).where(Account.id.in_(select(Entry.entrant_id).where(Entry.round_id == round_.id)))
        )
    }
    return [
        Candidate(
            id=score.entry.id,
            account_id=score.entry.entrant_id,
            name=people[score.entry.entrant_id].full_name,
            name_key=people[score.entry.entrant_id].name_key,
            unit=units.shown_name(score.entry.unit_id),
            title=score.entry.title,
            values=(_mean(score),),
            unit_id=score.entry.unit_id,
        )
        for score in settled
    ]


def _mean(score: judging.EntryScore) -> Value:
    return Value(TieBreak.SCORE, "Điểm", -int((score.mean or 0) * 100), vn_number(score.mean or 0))
