"""Pure decisions about essays: words against the range, what is missing before hand-in, paragraphs, the ends of upload."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from contest.contests.rules import EssayParams
from contest.core.display import vn_number
from contest.core.vietnamese import count_words
from contest.entries.leaks import Leak

BODY_LONGEST = 100_000
TITLE_LONGEST = 200
SEQUENCE_LAST = 2**31 - 1
READING_TRIES = 3
PUT_OFF = timedelta(seconds=30)  # before a file that could not be looked at is asked for again
TOO_COSTLY = "Máy chủ cần quá nhiều công sức để đọc tệp này nên đã dừng. Bạn chép phần chữ sang một tệp mới, lưu thành .docx rồi tải lên lại."


class FileState(enum.StrEnum):
    """How the reading of an uploaded file goes."""

    NONE = "none"
    READING = "reading"
    READ = "read"
    REFUSED = "refused"


@dataclass(frozen=True)
class Draft:
    """What a save carries and what the server holds; `sequence` is the number of the save it rests on."""

    sequence: int
    theme: str
    title: str
    body: str

    def says_the_same(self, other: "Draft") -> bool:
        """True when both hold one and the same text, whatever their numbers."""
        return (self.theme, self.title, self.body) == (other.theme, other.title, other.body)


@dataclass(frozen=True)
class Count:
    """The words of a text beside the range that the rules ask for; a bound of 0 is none."""

    words: int
    least: int
    most: int

    @property
    def fits(self) -> bool:
        """True within the range."""
        return self.words >= max(1, self.least) and (not self.most or self.words <= self.most)

    @property
    def wanted(self) -> str:
        """What the rules ask for, in words."""
        if self.least and self.most:
            return f"cần từ {vn_number(self.least)} đến {vn_number(self.most)}"
        if self.most:
            return f"nhiều nhất {vn_number(self.most)}"
        return f"ít nhất {vn_number(self.least)}" if self.least else "không giới hạn"

    @property
    def verdict(self) -> str:
        """What is missing or too much, as a sentence."""
        if self.words < max(1, self.least):
            return f"Còn thiếu {vn_number(max(1, self.least) - self.words)} từ."
        if self.most and self.words > self.most:
            return f"Thừa {vn_number(self.words - self.most)} từ."
        return "Đã đủ số từ."


@dataclass(frozen=True)
class Check:
    """One line of the list before hand-in; `field` is where it is mended."""

    words: str
    done: bool
    field: str


def count(body: str, params: EssayParams) -> Count:
    """The words of `body` beside the range of the round."""
    return Count(words=count_words(body), least=params.words_min, most=params.words_max)


def paragraphs(body: str) -> list[str]:
    """The text's paragraphs: what stands between line ends, without the blank ones."""
    return [line.strip() for line in body.split("\n") if line.strip()]


def checks(draft: Draft, params: EssayParams, leaks: Collection[Leak]) -> list[Check]:
    """What must hold before hand-in, but for the declarations; `leaks` are those still open."""
    counted = count(draft.body, params)
    least = f"Đủ {vn_number(params.words_min)} từ" if params.words_min else "Đã có nội dung"
    most = f", không quá {vn_number(params.words_max)} từ" if params.words_max else ""
    return [
        Check("Đã chọn chủ đề và đặt tên bài", draft.theme in params.themes and bool(draft.title), "theme"),
        Check(least + most, counted.fits, "body"),
        Check("Không nêu tên, điện thoại, thư điện tử, số căn cước", not any(leak.own for leak in leaks), "body"),
    ]


def missing(draft: Draft, params: EssayParams, leaks: Collection[Leak]) -> list[str]:
    """Why the draft cannot be handed in yet, as sentences; empty when it can."""
    why = []
    if draft.theme not in params.themes:
        why.append("Bạn chưa chọn chủ đề.")
    if not draft.title:
        why.append("Bạn chưa đặt tên bài.")
    counted = count(draft.body, params)
    if not counted.fits:
        why.append(f"Bài có {vn_number(counted.words)} từ, {counted.wanted}. {counted.verdict}")
    why += [
        f"Bài nêu “{leak.words}”, là {leak.what}. Bạn sửa đoạn đó, hoặc giữ nguyên và chờ Ban Tổ chức xem."
        for leak in leaks
        if leak.own
    ]
    return why


def asked(params: EssayParams) -> list[str]:
    """What a round asks of an essay, as sentences."""
    lines = []
    if params.themes:
        one_of = f"một trong {len(params.themes)} chủ đề" if len(params.themes) > 1 else "chủ đề"
        lines.append(f"Chọn {one_of}: {'; '.join(params.themes)}.")
    if params.words_min and params.words_max:
        lines.append(f"Viết từ {vn_number(params.words_min)} đến {vn_number(params.words_max)} từ.")
    elif params.words_min:
        lines.append(f"Viết ít nhất {vn_number(params.words_min)} từ.")
    elif params.words_max:
        lines.append(f"Viết nhiều nhất {vn_number(params.words_max)} từ.")
    lines.append(
        f"Mỗi người gửi nhiều nhất {params.entries} bài." if params.entries else "Số bài của mỗi người không giới hạn."
    )
    lines.append(f"Viết ngay trong trang, hoặc tải lên một tệp .docx không quá {params.megabytes} MB.")
    lines.append("Giám khảo chấm kín: trong bài không nêu tên, số điện thoại, nơi công tác của tác giả.")
    return lines


def seal_groups(digest: str) -> str:
    """A digest in groups of four, so that it can be compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
