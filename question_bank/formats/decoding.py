"""Text out of the bytes of a question file, whatever wrote it; the formats call it."""

import codecs
import re
import unicodedata

from question_bank.schema import Problem

GUESSED = "Tệp không dùng mã UTF-8 nên được đọc theo Windows-1258. Hãy xem lại dấu tiếng Việt trước khi nhập."
UNSEEN = (
    "Tệp có ký tự điều khiển không nhìn thấy, như ký tự đảo chiều chữ; các ký tự đó đã bỏ đi. Hãy xem lại các câu hỏi."
)
DAMAGED = "Tệp có chỗ hỏng hoặc bị cắt cụt: các chữ không đọc được đã bỏ đi. Hãy xem lại các câu hỏi trước khi nhập."

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\u202a-\u202e\u2066-\u2069]")


def decode(data: bytes, *, compose: bool = True) -> tuple[str, tuple[Problem, ...]]:
    """The text in NFC with LF line ends, and a remark where the encoding had to be guessed.

    Without `compose` it is not yet in NFC: for formats whose marks, such as "=" or "\\n", a combining character may
    follow. A question composes its own texts.

    UTF-8 with or without a mark, a little damage aside; UTF-16 with a mark or plain Latin beginnings; UTF-32 with a
    mark; else Windows-1258, the old Vietnamese code page, whose separate tone marks NFC joins to their letters.
    """
    remarks: tuple[Problem, ...] = ()
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        text = data.decode("utf-32", "replace")
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    elif data[:200].count(0) * 3 > len(data[:200]):
        text = data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, remark = _guessed(data)
            remarks = (Problem(None, remark, kept=True),)
    if _CONTROL.search(text):
        remarks = (*remarks, Problem(None, UNSEEN, kept=True))
    return normalize(text, compose=compose), remarks


def normalize(text: str, *, compose: bool = True) -> str:
    """The text in NFC (unless not to `compose`) with LF line ends and without a leading byte order mark."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text) if compose else text


def _guessed(data: bytes) -> tuple[str, str]:
    """The text of bytes that are not sound UTF-8: UTF-8 with little damage, such as a cut end, else Windows-1258."""
    text = data.decode("utf-8-sig", "replace")
    damage = text.count("\ufffd")
    letters = len(text) - len(text.encode("ascii", "ignore")) - damage
    if letters > 4 * damage:
        return text.replace("\ufffd", ""), DAMAGED
    return data.decode("cp1258", "replace"), GUESSED
