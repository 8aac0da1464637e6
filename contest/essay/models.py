"""The table of essays: the text of an entry, whether written in the page or taken from a .docx."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Model, enum_column
from contest.essay.rules import FileState


class Essay(Model):
    """The text of an essay entry; `file_since` is when its file may be asked for.

    `sequence` rises with every save, so that an older packet never overwrites a newer one. `file_state`, `file_note` and `file_tries` tell
    how the reading of the last upload goes. `acknowledged` holds the keys of the leaks that the author says are none.
    """

    __tablename__ = "essay"
    __table_args__ = (Index(None, "file_state", "file_since"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(10), default="page")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("entry_file.id"))
    file_state: Mapped[FileState] = mapped_column(enum_column(FileState), default=FileState.NONE)
    file_note: Mapped[str] = mapped_column(String(300), default="")
    file_tries: Mapped[int] = mapped_column(default=0)
    file_since: Mapped[datetime | None]
    acknowledged: Mapped[list[str]] = mapped_column(JSON, default=list)
    saved_at: Mapped[datetime]
