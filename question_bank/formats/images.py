"""The one picture of a question while its file is read: the first of the stem is taken, of every other a remark stays; formats that hold pictures call it.

Pictures are taken from the file alone. What lies at an outside address is never fetched, and nothing is decoded here.
"""

import base64
import binascii
import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from question_bank.schema import MAX_PICTURE, Picture

MAX_TOGETHER = 60_000_000  # bytes; a file of the size that is read holds fewer, unless it is packed to do harm
SECOND = "Câu có nhiều hình; chỉ hình đầu tiên được nhập."
IN_CHOICE = "Có hình trong phương án không nhập được; chỉ phần chữ được giữ. Mỗi câu có một hình, đặt ở câu dẫn."
IN_FEEDBACK = "Có hình trong lời giải thích không nhập được; chỉ phần chữ được giữ. Mỗi câu có một hình, đặt ở câu dẫn."
AFTER_KEY = "Có hình nằm sau đáp án nên không nhập được; hình của câu cần đặt ngay sau câu dẫn."
OUTSIDE = "Câu có hình nằm ở địa chỉ bên ngoài nên không được tải về. Hãy chèn hình vào tệp rồi nhập lại."
DAMAGED = "Câu có hình bị hỏng nên hình không được nhập; phần chữ được giữ."
TOO_LARGE = f"Câu có hình lớn hơn {MAX_PICTURE // 1_000_000} MB nên hình không được nhập; phần chữ được giữ."
UNKNOWN = "Câu có hình không phải JPEG, PNG, WebP hoặc GIF nên hình không được nhập; phần chữ được giữ."

CROWDED = "Câu có hình nhưng tệp chứa quá nhiều hình nên hình này không được nhập. Hãy chia thành nhiều tệp."

_EMPTY_CHOICE = re.compile(r"^(Phương án \w+) để trống\.$")
_SCHEME = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.\-]*:|[\\/]{2})")
_DATA = re.compile(r"\s*data:image/[a-z.+\-]+;base64,", re.IGNORECASE)


class Lost(Exception):
    """A picture that cannot be had; the message is a Vietnamese sentence."""


# The bytes behind an address inside the file. Raises Lost.
Finder = Callable[[str], bytes]


class Members:
    """The pictures of a file by their names, each read once, also where that fails, and all together within bounds."""

    def __init__(self, read: Callable[[str], bytes], *damaged: type[Exception]) -> None:
        """`read` gives the bytes of a member, or raises Lost, or one of `damaged` which becomes Lost."""
        self._read = read
        self._damaged = damaged
        self._held: dict[str, bytes] = {}
        self._lost: dict[str, str] = {}
        self._together = 0

    def get(self, name: str, size: int = 0) -> bytes:
        """The bytes of a member whose directory states this size, if it states one. Raises Lost."""
        if name in self._lost:
            raise Lost(self._lost[name])
        if name not in self._held:
            try:
                self._held[name] = self._taken(name, size)
            except Lost as error:
                self._lost[name] = str(error)
                raise
        return self._held[name]

    def _taken(self, name: str, size: int) -> bytes:
        if size > MAX_PICTURE:
            raise Lost(TOO_LARGE)
        if self._together + size > MAX_TOGETHER:
            raise Lost(CROWDED)
        self._together += size
        try:
            return self._read(name)
        except self._damaged:
            raise Lost(DAMAGED) from None


class Stem:
    """Takes the picture of one stem out of its markup; `markup` calls it for every element that shows one."""

    def __init__(self, finder: Finder, notes: list[str]) -> None:
        self.picture: Picture | None = None
        self._finder = finder
        self._notes = notes

    def take(self, element: Any) -> bool:
        """Whether the picture of this element is the question's from now on; where not, a remark says why."""
        if self.picture is not None:
            self._notes.append(SECOND)
            return False
        try:
            self.picture = Picture(found(_address(element), self._finder), _alt(element))
        except Lost as error:
            self._notes.append(str(error))
            return False
        return True

    def words(self, text: str) -> str:
        """The stem's words; where the picture is all there is, what it shows in words."""
        if text.strip() or self.picture is None:
            return text
        if not self.picture.alt:
            self._notes.append("Câu dẫn chỉ có hình: hãy ghi thêm câu hỏi bằng chữ.")
        return self.picture.alt


def in_choice(notes: list[str]) -> Callable[[Any], bool]:
    """What a choice does with a picture: it is told and not taken."""

    def told(element: Any) -> bool:
        notes.append(IN_CHOICE)
        return False

    return told


def refused(messages: Sequence[str], notes: Iterable[str]) -> list[str]:
    """Why a question cannot stand, with what was told on the way; a choice that is only a picture is called so, and not empty."""
    notes = list(notes)
    if IN_CHOICE in notes:
        messages = [
            _EMPTY_CHOICE.sub(r"\1 chỉ có hình, không có chữ. Hãy ghi phương án bằng chữ, đặt hình ở câu dẫn.", words)
            for words in messages
        ]
    return list(dict.fromkeys((*messages, *notes)))


def found(address: str, finder: Finder) -> bytes:
    """The bytes of a picture by its address in the file, which may hold them itself. Raises Lost."""
    if inline := _DATA.match(address):
        content = decoded(address[inline.end() :])
    elif _SCHEME.match(address):
        raise Lost(OUTSIDE)
    else:
        content = finder(address)
    return sound(content)


def sound(content: bytes) -> bytes:
    """The bytes where they are of a size and kind that a question may bear. Raises Lost."""
    if not content:
        raise Lost(DAMAGED)
    if len(content) > MAX_PICTURE:
        raise Lost(TOO_LARGE)
    if not Picture(content).kind:
        raise Lost(UNKNOWN)
    return content


def decoded(text: str) -> bytes:
    """The bytes of a text in Base64, which may be percent-encoded or folded. Raises Lost."""
    packed = "".join(unquote(text).split())
    if len(packed) > MAX_PICTURE * 4 // 3 + 4:
        raise Lost(TOO_LARGE)
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise Lost(DAMAGED) from None


def missing(address: str) -> Lost:
    """What is told of a picture that the file does not hold."""
    name = posixpath.basename(address.strip())[:80]
    return Lost(f"Câu có hình “{name}” nhưng hình không có trong tệp; phần chữ được giữ.")


def after_name(sentence: str) -> str:
    """The sentence as it stands behind the name of its question: "Câu 3: có nhiều hình; …"."""
    rest = sentence.removeprefix("Câu ")
    return rest[:1].lower() + rest[1:]


def path(address: str) -> str:
    """The name of a file in an address, without what follows "?" or "#"."""
    return unquote(re.split("[?#]", address.strip(), maxsplit=1)[0]).replace("\\", "/")


def _address(element: Any) -> str:
    return str(element.get("src") or element.get("data") or "")


def _alt(element: Any) -> str:
    return str(element.get("alt") or "") or " ".join("".join(element.itertext()).split())
