"""Reads of the essay room: the author's own view, the blind view for judges, and the organisers' view."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from contest.accounts.models import Account
from contest.contests.rules import EssayParams, TrackKind
from contest.core import clock
from contest.core.db import db
from contest.core.errors import NotFound
from contest.entries import leaks
from contest.entries import queries as entries
from contest.entries.leaks import Leak
from contest.entries.models import Entry, EntryFile
from contest.entries.rules import EntryState
from contest.essay import rules
from contest.essay.models import Essay
from contest.essay.rules import Check, Count, Draft, FileState


@dataclass(frozen=True)
class OwnEssay:
    """An author's view of one essay: the envelope, the stored text, and what it still lacks."""

    entry: Entry
    essay: Essay
    draft: Draft
    params: EssayParams
    count: Count
    leaks: list[Leak]
    checks: list[Check]
    missing: list[str]
    waits: list[Leak]
    file: EntryFile | None

    @property
    def paragraphs(self) -> list[str]:
        """The stored text for reading."""
        return rules.paragraphs(self.essay.body)


@dataclass(frozen=True)
class Upload:
    """A file that is to be read into a draft, by its numbers and by its content's address: all three must still hold."""

    entry_id: int
    file_id: int
    address: str


@dataclass(frozen=True)
class Listed:
    """One line of an author's list of essays."""

    entry: Entry
    words: int


@dataclass(frozen=True)
class BlindEssay:
    """All that a judge may know of an essay: nothing here names or places its author."""

    code: str
    theme: str
    title: str
    paragraphs: list[str]
    words: int


@dataclass(frozen=True)
class StaffEssay:
    """An organiser's view of one essay, with its entrant (`entry.entrant`, with unit), the original file, and what a judge could know the author by."""

    entry: Entry
    essay: Essay
    paragraphs: list[str]
    file: EntryFile | None
    leaks: list[Leak]


def own_essay(entry_id: int, entrant: Account) -> OwnEssay:
    """The entrant's own essay, whatever its state; raises NotFound for anybody else's."""
    entry = entries.own_entry(entry_id, entrant.id, TrackKind.ESSAY)
    essay = _essay(entry_id)
    return look(entry, essay, draft_of(entry, essay), entrant)


def look(entry: Entry, essay: Essay, draft: Draft, entrant: Account) -> OwnEssay:
    """The author's view of `draft`, which may differ from what is stored: a text that was sent and refused is shown by it."""
    params = entry.round.rules
    assert isinstance(params, EssayParams)
    found = leaks.find(title=draft.title, body=draft.body, author=entries.author_of(entrant))
    open_ = leaks.open_leaks(found, [*essay.acknowledged, *entry.passed])
    return OwnEssay(
        entry=entry,
        essay=essay,
        draft=draft,
        params=params,
        count=rules.count(draft.body, params),
        leaks=open_,
        checks=rules.checks(draft, params, open_),
        missing=rules.missing(draft, params, open_),
        waits=leaks.waiting_leaks(found, essay.acknowledged, entry.passed),
        file=db.session.get(EntryFile, essay.file_id) if essay.file_id else None,
    )


def my_essays(entrant_id: int) -> Sequence[Listed]:
    """The entrant's essays with their rounds, newest first."""
    mine = entries.my_entries(entrant_id, TrackKind.ESSAY)
    words = words_of([entry.id for entry in mine])
    return [Listed(entry=entry, words=words.get(entry.id, 0)) for entry in mine]


def words_of(entry_ids: Collection[int]) -> dict[int, int]:
    """The number of words of each of these essays."""
    if not entry_ids:
        return {}
    rows = db.session.execute(select(Essay.entry_id, Essay.words).where(Essay.entry_id.in_(entry_ids)))
    return {row.entry_id: row.words for row in rows}


def blind_essay(entry_id: int) -> BlindEssay:
    """A handed-in essay as judges read it; raises NotFound for a draft, a disqualified entry or no essay."""
    row = db.session.execute(
        select(Entry.blind_code, Entry.theme, Entry.title, Essay.body, Essay.words)
        .join(Essay, Essay.entry_id == Entry.id)
        .where(Entry.id == entry_id, Entry.state == EntryState.HANDED_IN)
    ).first()
    if row is None:
        raise NotFound("Không có bài viết này.")
    code, theme, title, body, words = row
    return BlindEssay(code=code or "", theme=theme, title=title, paragraphs=rules.paragraphs(body), words=words)


def staff_essay(entry_id: int) -> StaffEssay:
    """Any essay for the organisers, with its entrant and original; raises NotFound."""
    entry = entries.entry_by_id(entry_id)
    if entry.kind is not TrackKind.ESSAY:
        raise NotFound("Không có bài viết này.")
    essay = _essay(entry_id)
    file = db.session.get(EntryFile, essay.file_id) if essay.file_id else None
    found = leaks.find(title=entry.title, body=essay.body, author=entries.author_of(entry.entrant))
    return StaffEssay(entry=entry, essay=essay, paragraphs=rules.paragraphs(essay.body), file=file, leaks=found)


def waiting_uploads(account_id: int | None = None) -> list[tuple[int, Upload]]:
    """(entrant, the oldest file of theirs that waits to be read) of those who wait, longest first, at most 500; of one account where it is named."""
    oldest = (
        select(func.min(Essay.file_id))
        .join(Entry, Entry.id == Essay.entry_id)
        .where(
            Essay.file_state == FileState.READING,
            Essay.file_since <= clock.now(),
            Entry.state == EntryState.DRAFT,
        )
        .group_by(Entry.entrant_id)
    )
    if account_id is not None:
        oldest = oldest.where(Entry.entrant_id == account_id)
    rows = db.session.execute(
        select(Entry.entrant_id, Essay.entry_id, EntryFile.id, EntryFile.address)
        .join(Entry, Entry.id == Essay.entry_id)
        .join(EntryFile, EntryFile.id == Essay.file_id)
        .where(Essay.file_id.in_(oldest))
        .order_by(EntryFile.id)
        .limit(500)
    ).all()
    return [(entrant_id, Upload(entry_id, file_id, address)) for entrant_id, entry_id, file_id, address in rows]


def entrant_of(upload: Upload) -> int | None:
    """Whose draft that file was sent for; None where it is gone."""
    return db.session.scalar(select(Entry.entrant_id).where(Entry.id == upload.entry_id))


def draft_of(entry: Entry, essay: Essay) -> Draft:
    """What the server holds."""
    return Draft(sequence=essay.sequence, theme=entry.theme, title=entry.title, body=essay.body)


def _essay(entry_id: int) -> Essay:
    found = db.session.get(Essay, entry_id)
    if found is None:
        raise NotFound()
    return found
