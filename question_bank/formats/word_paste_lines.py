"""Lines of a Word text and what each is by its own words: a question's start, a chapter, a field; `word_paste` calls it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from question_bank.formats.word_paste_keys import CALLED
from question_bank.schema import Picture

SHIELD = "\u2060"
"""A sign without width: a text that begins with it is content, whatever it looks like. Reading drops it."""

# Soft line breaks and page breaks that Word leaves in what is pasted.
_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_PARTED = re.compile(r"\[<(?:br|\$)\s*/?>\]", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n\t]")
_UNSEEN = re.compile("[\u200b-\u200f\u00ad\ufeff\u202a-\u202e]")

_STOP = r"[:.)\]/\-–—．：）、]"
_LEVEL = r"nb|th|vdc?|nhận\s+biết|thông\s+hiểu|vận\s+dụng(?:\s+cao)?|\d[\d.,]*\s*(?:điểm|đ)"
_NAMED = re.compile(
    rf"[\s\[(*_#]*(?P<name>câu(?:\s+hỏi)?(?:\s+số)?|question)\s*(?P<number>\d{{1,4}})(?!\d)"
    rf"(?:\s*[(\[](?P<level>[^)\]]{{1,40}})[)\]])?\s*(?P<stop>{_STOP}{{1,2}})?\s*"
    rf"(?:[(\[]\s*(?P<after>{_LEVEL})\s*[)\]]\s*)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(?P<number>\d{1,4})\s?[.)/．）、](?!\d)\s*(?=\S)")
_CHAPTER = re.compile(
    rf"\s*(?P<kind>chương|phần|chủ\s+đề|chuyên\s+đề|bài|mục|chapter|part)"
    rf"(?:\s+(?:thứ\s+)?(?:\d{{1,3}}|[ivxlc]{{1,7}}|[a-h]|nhất|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười)"
    rf"(?:\s*{_STOP}|\s*$|\s+)|\s*[:：])\s*(?P<title>.*)",
    re.IGNORECASE,
)
_BARE_CHAPTER = re.compile(r"\s*(?:chương|chủ\s+đề|chuyên\s+đề)\s*[:：]\s*(?P<title>.*)", re.IGNORECASE)
_ROMAN = re.compile(r"\s*[IVX]{1,5}\s*[.)\-–](?!\s*[^\W\d_]\s*\.)\s*(?P<title>\D{3}.*)$")
_OVER = re.compile(r"[\s\-–—=*_.…~(]*HẾT[\s\-–—=*_.…~)]*|[\s\-–—=*_.…~]+(?i:hết)[\s\-–—=*_.…~]+")
_ONE = rf"(?={CALLED}[(\[]?[A-J](?:\s+đúng)?\W*$)"
_FIELDS = (
    (
        "key",
        (
            r"(?:(?:đáp\s*án|đ[/.]?a\.?|đ/án|answer|key|khoá|khóa)(?:\s+(?:đúng|nhất|chọn|cần\s+chọn|chính\s+xác))*(?:\s+là)?\s*[:：.\-–]\s*"
            rf"|đáp\s*án(?:\s+(?:đúng|nhất|cần\s+chọn))*(?:\s+là)?\s+{_ONE})"
        ),
    ),
    (
        "chosen",
        (
            r"(?:(?:chọn(?:\s+(?:đáp\s*án|phương\s+án|câu|ý))?|(?:câu\s+|phương\s+án\s+)?trả\s+lời(?:\s+đúng)?(?:\s+là)?"
            r"|phương\s+án\s+đúng(?:\s+nhất)?(?:\s+là)?|kết\s+quả)\s*[:：]?\s*|(?<=[>→⇒➔])\s*)"
            rf"{_ONE}|đáp\s*án\s+(?=[A-J]\s*[.):]\s)"
        ),
    ),
    ("explained", r"giải\s+thích(?:\s+phương\s+án)?\s+(?P<letter>[A-J])\s*[:：]\s*"),
    (
        "feedback",
        r"(?:giải\s+thích|lời\s+giải(?:\s+chi\s+tiết)?|hướng\s+dẫn(?:\s+giải)?|phương\s+pháp\s+giải|gợi\s+ý)\s*[:：]\s*",
    ),
    ("source", r"(?:nguồn(?:\s+tài\s+liệu)?|trích\s+nguồn|căn\s+cứ|tài\s+liệu(?:\s+tham\s+khảo)?)\s*[:：]\s*"),
    ("locator", r"vị\s+trí(?:\s+trong\s+nguồn)?\s*[:：]\s*"),
    ("difficulty", r"(?:độ\s+khó|mức\s+độ)\s*[:：]\s*"),
    ("tags", r"(?:nhãn|từ\s+khoá|từ\s+khóa)\s*[:：]\s*"),
    ("code", r"mã(?:\s+câu(?:\s+hỏi)?)?\s*[:：]\s*"),
    ("pinned", r"giữ(?:\s+nguyên)?\s+thứ\s+tự\s*[:：]\s*"),
)
_FIELD = [(name, re.compile(rf"[\s•·●○◦▪■□➢➔*✓+>=→⇒\-–(\[]*{words}", re.IGNORECASE)) for name, words in _FIELDS]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `number` counts from 1 in the text (paragraphs in a Word file); `marks` are stretches of emphasis.

    A mark is its first place, the place after its last, and its kind, such as "bold" or "colour FF0000". A picture goes
    with the place in the text at which it stands. `heading` is a line that Word's own style makes a heading.
    """

    number: int
    text: str
    marks: tuple[tuple[int, int, str], ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[tuple[int, Picture], ...] = ()
    heading: bool = False

    @property
    def bears(self) -> bool:
        """Whether something beside its words goes with it."""
        return bool(self.notes or self.pictures)

    def cut(self, start: int, end: int | None = None) -> "Line":
        """A part of the line, its marks with it; notes and pictures stay with the part that begins the line."""
        end = len(self.text) if end is None else end
        marks = tuple(
            (max(first, start) - start, min(last, end) - start, kind)
            for first, last, kind in self.marks
            if first < end and last > start
        )
        pictures = tuple((max(0, place - start), picture) for place, picture in self.pictures)
        return Line(self.number, self.text[start:end], marks, self.notes, pictures)

    def followed_by(self, other: "Line") -> "Line":
        """The line with what goes with another behind its own words."""
        pictures = tuple((len(self.text), picture) for _, picture in other.pictures)
        notes = tuple(dict.fromkeys((*self.notes, *other.notes)))
        return replace(self, notes=notes, pictures=(*self.pictures, *pictures))


def lines(text: str) -> Iterator[Line]:
    """The lines of a text, soft breaks counted as ends of lines and every kind of space made a plain one."""
    for number, line in enumerate(_BREAKS.sub("\n", text).split("\n"), 1):
        yield Line(number, spaced(line))


def spaced(text: str) -> str:
    """The text with every kind of space but tabs made a plain one and signs without width dropped, the shield kept."""
    return _UNSEEN.sub("", _SPACES.sub(" ", text))


def unbroken(line: Line) -> Iterator[Line]:
    """The line without the "[<br>]" by which older test programs part questions and choices: there it is cut."""
    signs = list(_PARTED.finditer(line.text)) if "[<" in line.text else []
    if not signs:
        yield line
        return
    starts, ends = [0, *(sign.end() for sign in signs)], [*(sign.start() for sign in signs), len(line.text)]
    for start, end, after in zip(starts, ends, [*starts[1:], len(line.text) + 1], strict=True):
        pictures = tuple((max(0, place - start), shown) for place, shown in line.pictures if start <= place < after)
        yield replace(line.cut(start, end), notes=() if start else line.notes, pictures=pictures)


def tidy(text: str) -> str:
    """The text as it is kept: single spaces, lines trimmed, no shields."""
    text = spaced(_BREAKS.sub("\n", text)).replace(SHIELD, "")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")


def named_question(text: str) -> re.Match[str] | None:
    """The start of a line such as "Câu 12 (0,25 điểm): …"."""
    return _NAMED.match(text)


def numbered_question(text: str) -> re.Match[str] | None:
    """The start of a line such as "12. …"."""
    return _NUMBERED.match(text)


def chapter(text: str) -> tuple[str, bool] | None:
    """The chapter that a heading names, and whether its title may follow on the next line."""
    if len(text) > 300:
        return None
    if bare := _BARE_CHAPTER.match(text):
        return bare["title"], False
    found = _CHAPTER.match(text)
    if found is None and not ((roman := _ROMAN.match(text)) and roman["title"].isupper()):
        return None
    if found and found["kind"].lower() in ("bài", "mục") and text.rstrip().endswith("?"):
        return None
    return text, bool(found and not found["title"].strip())


def ends_the_paper(text: str) -> bool:
    """Whether a line says that nothing more is asked, as "--- HẾT ---" does."""
    return _OVER.fullmatch(text) is not None


def field(text: str) -> tuple[str, str, int] | None:
    """The name of the field that a line opens, the letter it speaks of ("" for none), and where its words begin."""
    for name, pattern in _FIELD:
        if found := pattern.match(text):
            return name, found.groupdict().get("letter") or "", found.end()
    return None
