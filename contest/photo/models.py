"""The table of photographs: what is known of the picture of a photo entry, and its thumbnails."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import BigKey, Model, enum_column
from contest.photo.rules import PhotoState


class Photo(Model):
    """A photograph of a photo entry; width and height are those of the upright original.

    `thumbnails` maps the long edge in pixels, as text, to an address in storage. `asked_at` is when they may be asked for, `tries` how often their
    making began. `turned` says that the file lay on its side. Where it was taken is never kept. `acknowledged`
    holds the keys of the leaks in title and caption that the entrant keeps.
    """

    __tablename__ = "photo"
    __table_args__ = (Index(None, "state", "asked_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", ondelete="CASCADE"), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("entry_file.id"))
    state: Mapped[PhotoState] = mapped_column(enum_column(PhotoState), default=PhotoState.PROCESSING)
    problem: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    turned: Mapped[bool] = mapped_column(default=False)
    taken_at: Mapped[datetime | None]
    thumbnails: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    acknowledged: Mapped[list[str]] = mapped_column(JSON, default=list)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    created_at: Mapped[datetime]
