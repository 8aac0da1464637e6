"""The table of essays: the text of an entry, whether written in the page or taken from a .docx."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Model


class Essay(Model):
    """The text of an essay entry. `sequence` rises with every save, so that an older packet never overwrites a newer one."""

    __tablename__ = "essay"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(10), default="page")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("entry_file.id"))
    saved_at: Mapped[datetime]
