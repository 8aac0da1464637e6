"""Reads about entries; tracks, judging, results and both desks use them."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Account
from contest.contests.models import Round
from contest.contests.rules import TrackKind
from contest.core import vietnamese
from contest.core.db import db
from contest.core.errors import NotFound
from contest.core.paging import Page, page_of
from contest.entries.leaks import Author
from contest.entries.models import Entry, EntryFile, WithdrawnReceipt
from contest.entries.rules import EntryState, blind_code_of, receipt_of
from contest.units import queries as units
from contest.units.rules import UnitKind, bare_name

# Works of this contest are about its districts, so that naming one tells nothing about the author.
TELLING_UNITS = (UnitKind.COMMUNE, UnitKind.PARTY_COMMITTEE)


def own_entry(entry_id: int, entrant_id: int, kind: TrackKind | None = None) -> Entry:
    """The entry with its round, if it belongs to that entrant; raises NotFound otherwise."""
    found = db.session.scalar(_with_round(select(Entry)).where(Entry.id == entry_id, Entry.entrant_id == entrant_id))
    if found is None or (kind and found.kind is not kind):
        raise NotFound()
    return found


def entry_by_id(entry_id: int) -> Entry:
    """Any entry with its round and entrant, for staff; raises NotFound."""
    found = db.session.scalar(
        _with_round(select(Entry))
        .options(joinedload(Entry.entrant).joinedload(Account.unit))
        .where(Entry.id == entry_id)
    )
    if found is None:
        raise NotFound("Không có bài dự thi này.")
    return found


def holder_of(receipt: str) -> int | None:
    """Whose entry that receipt, as the tables keep it, is or was given for; None when there is no such receipt, or its person is gone."""
    found = db.session.scalar(select(Entry.entrant_id).where(Entry.receipt == receipt))
    if found is not None:
        return found
    return db.session.scalar(select(WithdrawnReceipt.entrant_id).where(WithdrawnReceipt.receipt == receipt))


def withdrawn_receipts(entrant_id: int) -> Sequence[WithdrawnReceipt]:
    """The receipts of what a person has handed in and taken back, in order."""
    query = select(WithdrawnReceipt).where(WithdrawnReceipt.entrant_id == entrant_id)
    return db.session.scalars(query.order_by(WithdrawnReceipt.withdrawn_at)).all()


def my_entries(entrant_id: int, kind: TrackKind | None = None, *, round_id: int | None = None) -> Sequence[Entry]:
    """An entrant's entries with their rounds, newest first."""
    query = _with_round(select(Entry)).where(Entry.entrant_id == entrant_id).order_by(Entry.id.desc())
    if kind:
        query = query.where(Entry.kind == kind)
    if round_id:
        query = query.where(Entry.round_id == round_id)
    return db.session.scalars(query).all()


def handed_in_ids(round_id: int) -> Sequence[int]:
    """The ids of the entries of a round that are handed in, in order."""
    return db.session.scalars(
        select(Entry.id).where(Entry.round_id == round_id, Entry.state == EntryState.HANDED_IN).order_by(Entry.id)
    ).all()


def file_of(file_id: int) -> EntryFile:
    """The file's row; raises NotFound. Who may see it is for the caller to know."""
    found = db.session.get(EntryFile, file_id)
    if found is None:
        raise NotFound()
    return found


def counts_by_state(kind: TrackKind) -> dict[EntryState, int]:
    """How many entries of a kind stand in each state."""
    rows = db.session.execute(select(Entry.state, func.count()).where(Entry.kind == kind).group_by(Entry.state))
    found: dict[EntryState, int] = dict(rows.all())
    return {state: found.get(state, 0) for state in EntryState}


def entries_page(
    kind: TrackKind,
    *,
    page: int = 1,
    per_page: int = 20,
    search: str = "",
    state: EntryState | None = None,
    round_id: int | None = None,
    coded_rounds: Collection[int] = (),
) -> Page[Entry]:
    """Entries of a kind for the organisers with their entrants and rounds, newest first; `search` finds a name (accents ignored) or a receipt, also a withdrawn one.

    It finds a blind code in `coded_rounds` alone: those where people may know whose code it is.
    """
    query = select(Entry).where(Entry.kind == kind)
    if state:
        query = query.where(Entry.state == state)
    if round_id:
        query = query.where(Entry.round_id == round_id)
    if search.strip():
        name = f"%{vietnamese.fold(search).replace('%', '')}%"
        matches: list[ColumnElement[bool]] = [Account.name_folded.like(name)]
        receipt, blind_code = receipt_of(search), blind_code_of(search)
        if receipt:
            withdrawn = select(WithdrawnReceipt.entry_id).where(WithdrawnReceipt.receipt == receipt)
            matches += [Entry.receipt == receipt, Entry.id.in_(withdrawn)]
        if blind_code:
            matches.append((Entry.blind_code == blind_code) & Entry.round_id.in_(coded_rounds))
        query = query.join(Account, Account.id == Entry.entrant_id).where(or_(*matches))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = _with_round(query).options(joinedload(Entry.entrant).joinedload(Account.unit)).order_by(Entry.id.desc())

    def read(offset: int, most: int) -> Sequence[Entry]:
        return db.session.scalars(query.offset(offset).limit(most)).all()

    return page_of(read, total=total, page=page, per_page=per_page)


def _with_round(query: Select[Entry]) -> Select[Entry]:
    return query.options(joinedload(Entry.round).joinedload(Round.track))


def file_addresses(addresses: Sequence[str]) -> set[str]:
    """Those of these addresses in storage at which an entry's original lies."""
    return set(db.session.scalars(select(EntryFile.address).where(EntryFile.address.in_(addresses))))


def author_of(account: Account) -> Author:
    """What would give this account away in a text."""
    place = units.tree().by_id.get(account.unit_id) if account.unit_id else None
    return Author(
        full_name=account.full_name,
        phone=account.phone or "",
        email=account.email or "",
        workplace=account.workplace,
        unit=place.name if place and place.kind in TELLING_UNITS else "",
        places=frozenset(bare_name(found.folded.removeprefix("tinh ")) for found in units.tree().by_id.values()),
    )


def held_count(*, kind: TrackKind | None = None, round_id: int | None = None) -> int:
    """How many entries wait for a clerk."""
    query = select(func.count()).select_from(Entry).where(Entry.state == EntryState.HELD)
    if kind:
        query = query.where(Entry.kind == kind)
    if round_id:
        query = query.where(Entry.round_id == round_id)
    return db.session.scalar(query) or 0
