"""Pictures that came inside question files: each drawn anew and kept in storage before the questions are; the desk's preview and the command call it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from contest.core import storage
from contest.quiz import pictures, queries
from contest.quiz.drafts import Picture
from contest.quiz.service.bank import digest_of
from question_bank.formats.images import MAX_TOGETHER
from question_bank.schema import Picture as FilePicture
from question_bank.schema import Question as BankQuestion

MOST = 200
POINTS = 600_000_000  # of all pictures of one look together, for a person waits while they are drawn
TOO_MANY = f"Mỗi lần nhập nhiều nhất {MOST} hình nên hình này không được nhập. Bạn chia thành nhiều tệp rồi nhập lại."
TOO_LARGE = (
    "Các hình cộng lại quá lớn cho một lần nhập nên hình này không được nhập. Bạn chia thành nhiều tệp rồi nhập lại."
)


class _Names:
    """The hashes of pictures, each counted once while it is held; no more is held than one file holds."""

    def __init__(self) -> None:
        self._held: dict[bytes, str] = {}
        self._together = 0

    def of(self, picture: FilePicture) -> str:
        """SHA-256 in hex of the picture's bytes."""
        if (name := self._held.get(picture.content)) is not None:
            return name
        if self._together + len(picture.content) > MAX_TOGETHER:
            self._held.clear()
            self._together = 0
        self._together += len(picture.content)
        name = self._held[picture.content] = hashlib.sha256(picture.content).hexdigest()
        return name


@dataclass
class Drawn:
    """What became of the pictures of some questions, by the hash of their bytes: what is kept, or why it is not; `spent` counts the points decoded."""

    kept: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    spent: int = field(default=0, repr=False, compare=False)
    names: _Names = field(default_factory=_Names, repr=False, compare=False)

    def of(self, question: BankQuestion) -> Picture | None:
        """The question's picture as it is kept, with the words of the file; None where it has none or it was refused."""
        if question.picture is None:
            return None
        found = self.kept.get(self.names.of(question.picture))
        return Picture(found[0], question.picture.alt, found[1], found[2]) if found else None

    def fault(self, question: BankQuestion) -> str:
        """Why the question's picture is not kept, in a sentence; "" where nothing was lost."""
        return "" if question.picture is None else self.refused.get(self.names.of(question.picture), "")

    def written(self) -> str:
        """As a text that `read` gives back."""
        return json.dumps([self.kept, self.refused])

    @classmethod
    def read(cls, text: str | bytes) -> "Drawn":
        """The reverse of `written`."""
        kept, refused = json.loads(text)
        return cls({name: (found[0], found[1], found[2]) for name, found in kept.items()}, refused)


def draw_pictures(questions: Iterable[BankQuestion], *, most: int | None = None, onto: Drawn | None = None) -> Drawn:
    """Draw the pictures of these questions anew and keep them; one that an export of this bank carried is kept as it is.

    With `most` no more than so many are looked at, whatever comes of them, and no more than POINTS decoded; those of `onto`, which is gone on with, count.
    """
    done = onto or Drawn()
    for question in questions:
        picture = question.picture
        if picture is None or (name := done.names.of(picture)) in done.kept or name in done.refused:
            continue
        if most is not None and len(done.kept) + len(done.refused) >= most:
            done.refused[name] = TOO_MANY
            continue
        known = queries.picture_at(name) or _written_before(question, picture)
        if known is not None and storage.exists(known.address):
            done.kept[name] = (known.address, known.width, known.height)
            continue
        try:
            drawn = pictures.redraw(picture.content, most=pictures.MOST_PIXELS if most is None else POINTS - done.spent)
        except pictures.Crowded:
            done.refused[name] = TOO_LARGE
            continue
        except pictures.Unreadable as error:
            done.spent += error.points
            done.refused[name] = f"Hình của câu không được nhập. {error}"
            continue
        done.spent += drawn.points
        done.kept[name] = (storage.put(drawn.content), drawn.width, drawn.height)
    return done


def _written_before(question: BankQuestion, picture: FilePicture) -> Picture | None:
    """The picture that a question of these words has in the bank, where this is what an export made of it for Word."""
    if picture.kind not in ("png", "jpg"):
        return None
    for held in queries.pictures_under(digest_of(question)):
        if storage.exists(held.address) and pictures.portable(storage.get(held.address)) == picture.content:
            return held
    return None
