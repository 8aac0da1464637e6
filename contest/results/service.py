"""Use cases of results: set prizes, publish, revoke; the organisers' desk calls them inside a unit of work."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from contest.contests import queries as contests
from contest.contests.models import Round, Track
from contest.contests.rules import TrackKind
from contest.core import audit, clock
from contest.core.db import db
from contest.core.display import vn_number
from contest.core.errors import BadInput, NotFound, Refused
from contest.results import queries
from contest.results.models import Award, Prize, Publication
from contest.results.namesakes import told_apart
from contest.results.queries import Ranking
from contest.results.rules import Awarded, Passed, Placed, Straddle, Win, award

MOST_PRIZES = 12
MOST_PLACES = 500
MOST_NAMED = 10


class Straddled(Refused):
    """Equals would have to be parted; `place` is what they share."""

    def __init__(self, found: Straddle, *, count: int, quiz: bool) -> None:
        self.place = found.place
        named = found.names[:MOST_NAMED]
        others = f" và {vn_number(count - len(named))} người nữa" if count > len(named) else ""
        way = " hoặc thêm tiêu chí bốc thăm vào thứ tự xếp hạng ở Điều chỉnh thể lệ" if quiz else ""
        super().__init__(
            f"Hạng {vn_number(found.place)} có {vn_number(count)} người bằng nhau ở mọi tiêu chí, nhưng {found.prize.name} không đủ chỗ.",
            kept="Chưa có gì được công bố.",
            todo=f"Ban Tổ chức quyết định với: {', '.join(named)}{others}; có thể tăng số giải cho mức này{way}.",
        )


@dataclass(frozen=True)
class NewPrize:
    """A prize that is being set: its name, how many places, VND for each."""

    name: str
    places: int
    amount: int


class PrizesOvertaken(Refused):
    """Somebody else set the prize table after it was shown."""

    happened = "Người khác vừa lưu cơ cấu giải khác sau khi bạn mở trang."
    kept = "Bảng bạn vừa ghi còn nguyên trên trang, chưa có gì bị ghi đè."
    todo = "Bạn xem cơ cấu đang lưu rồi bấm lưu lần nữa nếu vẫn muốn thay."


def prizes_mark(prizes: Sequence[Prize | NewPrize]) -> str:
    """A mark of a prize table as it is shown: another name, number of places, sum or order is another mark."""
    return digest({"prizes": [[prize.name.strip(), prize.places, prize.amount] for prize in prizes]})[:16]


def set_prizes(
    *, round_id: int, prizes: Sequence[NewPrize], actor_id: int, reason: str, seen: str | None = None
) -> None:
    """Replace a round's prize table, on the record; `seen` is the mark of the table that the page showed.

    Raises BadInput for an impossible one, PrizesOvertaken when another stands by now than was seen (a press sent again after a lost reply finds its own
    and changes nothing), Refused while a publication of the round stands.
    """
    if not reason.strip():
        raise BadInput("Thiếu lý do.", todo="Bạn ghi lý do để lưu vào nhật ký.")
    if not prizes or len(prizes) > MOST_PRIZES:
        raise BadInput(f"Cơ cấu giải cần từ 1 đến {MOST_PRIZES} mức giải.")
    for prize in prizes:
        if not prize.name.strip() or not 0 <= prize.places <= MOST_PLACES or not 0 <= prize.amount <= 10**9:
            raise BadInput("Mỗi mức giải cần tên, số giải từ 0 đến 500 và tiền thưởng không âm.")
    db.session.scalar(select(Round).where(Round.id == round_id).with_for_update())
    contests.round_by_id(round_id)
    if queries.standing_publication(round_id):
        raise Refused(
            "Đợt này đã công bố kết quả.",
            kept="Công bố giữ nguyên.",
            todo="Muốn sửa cơ cấu giải, bạn thu hồi công bố trước.",
        )
    held = prizes_mark(queries.prizes_of(round_id))
    if seen and seen != held:
        if held == prizes_mark(prizes):
            return
        raise PrizesOvertaken()
    used = select(Award.prize_id)
    for old in queries.prizes_of(round_id):
        old.position = -old.id
    db.session.flush()
    db.session.execute(delete(Prize).where(Prize.round_id == round_id, Prize.id.not_in(used)))
    db.session.add_all(
        Prize(round_id=round_id, position=place, name=p.name.strip(), places=p.places, amount=p.amount)
        for place, p in enumerate(prizes, start=1)
    )
    audit.record(
        "prizes.set",
        actor_id=actor_id,
        subject=f"round:{round_id}",
        reason=reason,
        detail={"prizes": [[p.name, p.places, p.amount] for p in prizes]},
    )


def award_list(round_: Round, ranking: Ranking) -> Awarded:
    """The award list as it would be published now, from the round's ranking as far as prizes reach; raises Straddled when equals stand across a prize's last place.

    Where the rules let a person keep only the best prize of several rounds, whoever has one as good in a standing publication is passed over.
    """
    result = award(ranking.placed, queries.offers(round_.id), queries.held_elsewhere(round_))
    if isinstance(result, Straddle):
        last = ranking.placed[-1].place == result.place
        raise Straddled(
            result, count=len(result.names) + (ranking.rest if last else 0), quiz=round_.track.kind is TrackKind.QUIZ
        )
    return told_apart(result)


def list_mark(listed: Awarded) -> str:
    """A mark of an award list as it is shown: another person, prize, order or value is another mark."""
    wins = [_row(row, win) for row, win in enumerate(listed.wins, start=1)]
    shown = [{name: row[name] for name in row if not name.startswith("decided")} for row in wins]
    return digest({"wins": shown, "passed": [passed_line(passed) for passed in listed.passed]})[:16]


def publish(*, round_id: int, title: str, actor_id: int, reason: str, seen: str = "") -> Publication:
    """Freeze a round's award list under the contest's next number; `seen` is the mark of the list on the page where the button was pressed.

    Raises Refused while something is still missing, while a publication of the round stands, when the list is another than was seen, or when two are
    pressed at once; NotFound; BadInput without a title or a reason.
    """
    if not title.strip() or not reason.strip():
        raise BadInput("Công bố cần có tiêu đề và căn cứ.", todo="Bạn ghi tiêu đề và căn cứ công bố.")
    # A person may stand in two rounds of a track: their lists are made one after the other. Whoever changes a key points at the round's row, and so
    # comes before, and is told of among the hindrances, or after.
    track_id = select(Round.track_id).where(Round.id == round_id).scalar_subquery()
    db.session.scalar(select(Track.id).where(Track.id == track_id).with_for_update())
    db.session.scalar(select(Round).where(Round.id == round_id).with_for_update())
    round_ = contests.round_by_id(round_id)
    hindrances = queries.hindrances(round_, clock.now())
    if hindrances:
        raise Refused(
            "Chưa công bố được. " + " ".join(hindrances),
            kept="Chưa có gì được công bố.",
            todo="Bạn hoàn tất các việc trên trước.",
        )
    standing = queries.standing_publication(round_id)
    if standing:
        raise Refused(
            f"Đợt này đã có Công bố số {standing.number:02d}.",
            kept="Công bố đó giữ nguyên.",
            todo="Muốn công bố lại, bạn thu hồi trước.",
        )
    if not queries.prizes_of(round_id):
        raise Refused("Đợt này chưa có cơ cấu giải.", todo="Bạn lập cơ cấu giải trước khi công bố.")
    ranking = queries.ranking(round_, clock.now())
    listed = award_list(round_, ranking)
    if seen and seen != list_mark(listed):
        raise Refused(
            "Danh sách đạt giải đã đổi từ lúc bạn mở trang.",
            kept="Chưa có gì được công bố.",
            todo="Bạn tải lại trang, xem lại danh sách rồi công bố.",
        )
    wins = listed.wins
    number = queries.next_number(round_.track.contest_id)
    body = _body(round_, listed, title=title.strip(), number=number, ranked=ranking.ranked)
    publication = Publication(
        contest_id=round_.track.contest_id,
        round_id=round_id,
        number=body["number"],
        title=title.strip(),
        body=body,
        digest=digest(body),
        published_at=clock.now(),
        published_by=actor_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(publication)
            db.session.flush()
    except IntegrityError as error:
        raise Refused("Một công bố khác vừa lấy số này.", todo="Bạn tải lại trang rồi công bố lại.") from error
    quiz = round_.track.kind is TrackKind.QUIZ
    db.session.add_all(
        Award(
            publication_id=publication.id,
            prize_id=win.prize.id,
            place=row,
            account_id=win.placed.candidate.account_id,
            attempt_id=win.placed.candidate.id if quiz else None,
            entry_id=None if quiz else win.placed.candidate.id,
        )
        for row, win in enumerate(wins, start=1)
    )
    audit.record(
        "publication.publish",
        actor_id=actor_id,
        subject=f"publication:{publication.id}",
        reason=reason,
        detail={
            "number": publication.number,
            "awards": len(wins),
            "digest": publication.digest,
            **({"passed": [[p.placed.candidate.account_id, p.ground] for p in listed.passed]} if listed.passed else {}),
        },
    )
    return publication


def revoke(*, publication_id: int, actor_id: int, reason: str) -> Publication:
    """Take a publication back, on the record; its page stays and says so. Raises NotFound, BadInput without a reason, Refused when revoked."""
    if not reason.strip():
        raise BadInput("Thiếu lý do thu hồi.", todo="Bạn ghi lý do; lý do này hiện công khai.")
    found = db.session.scalar(select(Publication).where(Publication.id == publication_id).with_for_update())
    if found is None:
        raise NotFound("Không có công bố này.")
    if found.revoked_at:
        raise Refused("Công bố này đã thu hồi.")
    found.revoked_at = clock.now()
    found.revoked_reason = reason.strip()
    audit.record(
        "publication.revoke",
        actor_id=actor_id,
        subject=f"publication:{found.id}",
        reason=reason,
        detail={"number": found.number},
    )
    return found


def canonical(body: dict[str, Any]) -> bytes:
    """The frozen body as the exact bytes whose SHA-256 is the publication's digest."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(body: dict[str, Any]) -> str:
    """SHA-256 in hex of the canonical bytes."""
    return hashlib.sha256(canonical(body)).hexdigest()


def _body(round_: Round, listed: Awarded, *, title: str, number: int, ranked: int) -> dict[str, Any]:
    """What the publication freezes; `passed` is there only when somebody was passed over."""
    contest, wins = round_.track.contest, listed.wins
    return {
        "contest": contest.title,
        "organizer": contest.organizer_name,
        "track": round_.track.title,
        "kind": round_.track.kind.value,
        "round": round_.title,
        "number": number,
        "title": title,
        "published_at": clock.now().isoformat(timespec="seconds"),
        "ranked": ranked,
        "criteria": [value.label for value in wins[0].placed.candidate.values] if wins else [],
        "rows": [_row(row, win) for row, win in enumerate(wins, start=1)],
        **({"passed": [passed_line(passed) for passed in listed.passed]} if listed.passed else {}),
    }


def _row(row: int, win: Win) -> dict[str, Any]:
    placed: Placed = win.placed
    person = placed.candidate
    return {
        "row": row,
        "place": placed.place,
        "shared": placed.shared,
        "name": person.name,
        "unit": person.unit,
        "work": person.title,
        "prize": win.prize.name,
        "amount": win.prize.amount,
        "values": _values(placed),
        "decided_above": placed.decided_above,
        "decided_below": placed.decided_below,
    }


def passed_line(passed: Passed) -> dict[str, Any]:
    """Who was passed over, as a publication freezes it; the desk shows it before."""
    person = passed.placed.candidate
    return {
        "place": passed.placed.place,
        "name": person.name,
        "unit": person.unit,
        "prize": passed.prize.name,
        "ground": passed.ground,
        "values": _values(passed.placed),
    }


def _values(placed: Placed) -> list[dict[str, str]]:
    return [{"criterion": v.criterion, "label": v.label, "shown": v.shown} for v in placed.candidate.values]
