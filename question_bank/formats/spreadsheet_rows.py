"""Rows of a table made into questions, each problem naming its cell; spreadsheets and tables in Word documents call it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from question_bank import shortening
from question_bank.formats import images
from question_bank.formats.spreadsheet_cells import Cell, Row, Sheet, Shown, column_name, folded
from question_bank.formats.spreadsheet_columns import CHOICE_LETTERS, TITLES, Columns, columns
from question_bank.formats.spreadsheet_keys import Unreadable, key_of
from question_bank.formats.spreadsheet_sections import Sections, listed
from question_bank.formats.word_paste_lines import named_question
from question_bank.schema import (
    MAX_ITEMS,
    TOO_MANY,
    Choice,
    Difficulty,
    Parsed,
    Problem,
    Question,
    QuestionError,
    Source,
    clean,
)

DEMO_MARK = "VÍ DỤ"
_HEADING_ROWS = 30
_BEYOND = (
    "nằm ngoài các cột có tiêu đề: dấu phân cách có lẽ đứng trong nội dung nên các ô bị lệch. "
    "Hãy đặt nội dung đó trong dấu ngoặc kép."
)
_EMPTY = Cell()
_DIFFICULTIES = {
    Difficulty.EASY: "1|de|easy|nhan biet|nb|biet",
    Difficulty.MEDIUM: "2|trung binh|tb|vua|medium|thong hieu|th|hieu|",
    Difficulty.HARD: "3|kho|rat kho|hard|van dung|van dung cao|vd|vdc",
}
_DIFFICULTY = {name: level for level, names in _DIFFICULTIES.items() for name in names.split("|")}
_YES = frozenset(["x", "v", "co", "1", "true", "dung", "yes", "y", "giu"])
_NO = frozenset(["", "khong", "0", "false", "sai", "no", "n"])
# Merged cells of these columns speak for every row they cover; elsewhere a merged cell is one row's.
_SHARED_ROLES = ("chapter", "difficulty", "source", "locator", "tags")


_FAULTS = {
    "Lời giải thích": "feedback",
    "Tên chương": "chapter",
    "Mã câu hỏi": "code",
    "Nhãn": "tags",
    "Tên tài liệu nguồn": "source",
    "Vị trí trong nguồn": "locator",
}
_PLACES = {letter: place for place, letter in enumerate(CHOICE_LETTERS)}


def headings(sheet: Sheet) -> Columns | None:
    """The columns of a sheet whose rows are then those below the headings, or what came nearest, or None.

    Headings may stand in two rows, such as "Phương án" above A, B, C, D.
    """
    nearest: Columns | None = None
    above = Row(0, {})
    for row in islice(sheet.rows, _HEADING_ROWS):
        found = columns(row)
        if not found.complete and (both := columns(Row(row.line, above.cells | row.cells))).complete:
            found = both
        above = row
        if found.complete:
            found.remarks = [remark + _where(sheet) for remark in found.remarks]
            return found
        if found.roles and found.found > (nearest.found if nearest else 1):
            nearest = found
    return nearest


def questions(sheet: Sheet, heads: Columns, *, many: bool = False) -> Parsed:
    """The questions of the rows below the headings. `many` adds the sheet's title to what is said of a cell."""
    reader = _Rows(sheet, heads, many)
    found: list[Question] = []
    for count, row in enumerate(sheet.rows):
        if count >= MAX_ITEMS:
            reader.problems.append(Problem(row.line, TOO_MANY))
            break
        if (question := reader.question(row)) is not None:
            found.append(question)
    reader.tell_strays()
    return Parsed(tuple(found), tuple(reader.problems))


def difficulty_called(text: str) -> Difficulty | None:
    """The difficulty of a word such as "Khó", "hard" or "vận dụng", medium for none, None for any other word."""
    return _DIFFICULTY.get(folded(text))


def says_yes(text: str) -> bool | None:
    """Whether a word such as "Có" or "x" means yes; None where it is neither yes nor no."""
    if clean(text) in ("✓", "✔", "☑") or folded(text) in _YES:
        return True
    return False if folded(text) in _NO else None


def _where(sheet: Sheet) -> str:
    return f" (trang tính “{sheet.title}”)" if sheet.title else ""


class _Rows:
    def __init__(self, sheet: Sheet, heads: Columns, many: bool) -> None:
        self.problems: list[Problem] = []
        self._sheet = sheet
        self._heads = heads
        shared = {heads.roles[role] for role in _SHARED_ROLES if role in heads.roles}
        self._merged = {(top, left): bottom for top, left, bottom, _ in sheet.merged if left in shared}
        self._shared = shared
        self._open: dict[int, tuple[int, Cell]] = {}
        self._row = Row(0, {})
        self._remarks: list[str] = []
        self._long_chapters: set[str] = set()
        self._pictures = dict(sheet.pictures)
        self._title = f" trang tính “{sheet.title}”" if many else ""
        self._sections = Sections(sheet, heads, self._title)
        self._hidden: list[int] = []
        self._numbered: list[int] = []
        self._bare: list[int] = []
        self._chaptered = False
        self._used = [*heads.roles.values(), *heads.choices.values(), *heads.feedbacks.values()]

    def question(self, row: Row) -> Question | None:
        """The question of a row, or None with its problems noted."""
        self._row, self._remarks = row, []
        used = self._used
        own = [row.cells[column] for column in used if column in row.cells]
        if self._sections.take(row):
            return None
        if not any(cell.fault or clean(cell.text) for cell in own):
            return None
        if columns(row).complete or self._demo():
            return None
        self._inherit()
        shown = self._pictures.pop(row.line, [])
        beyond = [column for column in row.cells if column > self._heads.last]
        if beyond and self._sheet.plain:
            self.problems.append(Problem(row.line, f"{self._at(beyond[0])} {_BEYOND}"))
            return None
        faults = [
            f"{self._at(column)} {cell.fault}"
            for column, cell in sorted(row.cells.items())
            if cell.fault and column in used
        ]
        if faults:
            self.problems.extend(Problem(row.line, fault) for fault in faults)
            return None
        try:
            question = self._question()
        except (Unreadable, QuestionError) as error:
            messages = [str(error)]
            if isinstance(error, QuestionError):
                messages = [f"{self._where_of(message)}: {message}" for message in error.messages]
            # A choice that is only a picture is an empty cell to whoever reads the words alone.
            choices = set(self._heads.choices.values())
            pictured = dict.fromkeys(one.column for one in shown if one.column in choices)
            messages += [f"{self._at(column)}: {images.after_name(images.IN_CHOICE)}" for column in pictured]
            self.problems.extend(Problem(row.line, message) for message in messages)
            return None
        question = self._pictured(question, shown)
        for role, words in shortening.told(question, self._long_chapters).items():
            column = self._heads.roles.get(role, self._heads.roles["stem"])
            self._remarks.append(f"{self._at(column)}: {words}")
        self._look_at(question)
        seen = [f"{self._at(c)} {row.cells[c].remark}" for c in sorted(row.cells) if c in used and row.cells[c].remark]
        self.problems.extend(Problem(row.line, remark, kept=True) for remark in (*seen, *self._remarks))
        return question

    def _look_at(self, question: Question) -> None:
        """Remember what is told of many rows in one sentence."""
        line = self._row.line
        if self._row.hidden:
            self._hidden.append(line)
        if (found := named_question(question.stem)) and found["stop"]:
            self._numbered.append(line)
        self._chaptered = self._chaptered or bool(question.chapter)
        if self._chaptered and not question.chapter and self._sheet.named:
            self._bare.append(line)

    def tell_strays(self) -> None:
        """Say which rows are headings and which are hidden, and where pictures stand on rows that are no questions."""
        sheet = f" của{self._title}" if self._title else ""
        self._sections.close()
        self.problems.extend(self._sections.problems)
        if self._hidden:
            self._tell(self._hidden, sheet, "bị ẩn trong bảng, vẫn được đọc.")
        if self._numbered:
            self._tell(
                self._numbered, sheet, "có số câu (“Câu 1:”) trong nội dung. Phần thi tự đánh số; hãy bỏ số câu đi."
            )
        if self._bare:
            words = "không ghi chương nên không thuộc chương nào. Hãy ghi chương ở từng dòng, hoặc trộn ô chương."
            self._tell(self._bare, sheet, words)
        if unseen := sorted(self._sheet.unseen.intersection(self._used)):
            names = [column_name(column) for column in unseen]
            words = f"{listed('Cột', names, sheet)} bị ẩn trong bảng, vẫn được đọc."
            self.problems.append(Problem(None, words, kept=True))
        if not self._pictures:
            return
        first, *others = sorted(self._pictures)
        rows = f"dòng {first}{f' và {len(others)} dòng khác' if others else ''}" if self._sheet.named else "bảng"
        message = f"Hình ở {rows}{sheet} nằm ngoài câu hỏi nên không được nhập."
        self.problems.append(Problem(first, message, kept=True))

    def _tell(self, lines: list[int], sheet: str, what: str) -> None:
        name = listed("Dòng", lines, sheet) if self._sheet.named else f"Bảng có {len(lines)} hàng"
        self.problems.append(Problem(lines[0], f"{name} {what}", kept=True))

    def _pictured(self, question: Question, shown: Sequence[Shown]) -> Question:
        """The question with the first picture on its row that belongs to no choice and no explanation; what becomes of the others is told."""
        explained = {*self._heads.feedbacks.values(), self._heads.roles.get("feedback", -1)}
        for one in shown:
            if one.picture is None:
                told = one.lost
            elif one.column in self._heads.choices.values():
                told = images.IN_CHOICE
            elif one.column in explained:
                told = images.IN_FEEDBACK
            elif question.picture is not None:
                told = images.SECOND
            else:
                question = replace(question, picture=one.picture)
                continue
            self._remarks.append(f"{self._at(one.column)}: {images.after_name(told)}")
        return question

    def _inherit(self) -> None:
        """Give the row what cells merged from a row above say of it."""
        for column in self._shared:
            bottom = self._merged.get((self._row.line, column))
            if bottom is not None:
                self._open[column] = (bottom, self._cell(column))
            elif column in self._open and column not in self._row.cells:
                last, cell = self._open[column]
                if self._row.line <= last:
                    self._row.cells[column] = cell

    def _demo(self) -> bool:
        code = self._text("code")
        return code.upper().startswith(DEMO_MARK) and clean(self._text("stem")).upper().startswith(f"({DEMO_MARK})")

    def _question(self) -> Question:
        if not clean(self._text("stem")):
            raise Unreadable(f"{self._at(self._heads.roles['stem'])} (câu hỏi) để trống.")
        texts = self._choices()
        column = self._heads.roles["key"]
        key = key_of(clean(self._cell(column).text), self._at(column), texts)
        return Question(
            stem=self._text("stem"),
            choices=tuple(
                Choice(text, place in key, self._cell(self._heads.feedbacks.get(place)).text)
                for place, text in enumerate(texts)
            ),
            chapter=clean(self._text("chapter")) or self._sections.chapter(),
            difficulty=self._difficulty(),
            source=Source(self._text("source"), self._text("locator")),
            tags=_tags(self._text("tags")),
            pinned=self._pinned(),
            code=self._text("code"),
            feedback=self._text("feedback"),
        )

    def _choices(self) -> list[str]:
        texts = [clean(self._cell(self._heads.choices.get(place)).text) for place in range(len(CHOICE_LETTERS))]
        while texts and not texts[-1]:
            texts.pop()
        for place, text in enumerate(texts):
            if not text:
                where = self._at(self._heads.choices[place]) if place in self._heads.choices else "Cột"
                after = CHOICE_LETTERS[len(texts) - 1]
                raise Unreadable(f"{where} (phương án {CHOICE_LETTERS[place]}) để trống mà phương án {after} có chữ.")
        if len(texts) < 2:
            name = f"Dòng {self._row.line}" if self._sheet.named else "Hàng này của bảng"
            raise Unreadable(f"{name} chỉ có {len(texts)} phương án; cần ít nhất 2 phương án.")
        return texts

    def _difficulty(self) -> Difficulty:
        value = self._text("difficulty")
        found = difficulty_called(value)
        if found is None:
            where = self._at(self._heads.roles["difficulty"])
            self._remarks.append(
                f"{where}: độ khó “{value[:60]}” không phải Dễ, Trung bình hoặc Khó nên coi là trung bình."
            )
        return found or Difficulty.MEDIUM

    def _pinned(self) -> bool:
        value = self._text("pinned")
        found = says_yes(value)
        if found is None:
            where = self._at(self._heads.roles["pinned"])
            self._remarks.append(f"{where}: “{value[:60]}” không phải Có hoặc Không nên coi là Không.")
        return found or False

    def _where_of(self, message: str) -> str:
        """The cell that a fault of the built question speaks of, told by how its sentence begins."""
        columns_ = self._heads.choices
        if (explained := re.match(r"Lời giải thích của phương án ([A-L])", message)) is not None:
            place, columns_ = _PLACES[explained[1]], self._heads.feedbacks
        elif (choice := re.match(r"Phương án ([A-L])", message)) is not None:
            place = _PLACES[choice[1]]
        else:
            role = next((role for words, role in _FAULTS.items() if message.startswith(words)), "stem")
            return self._at(self._heads.roles.get(role, self._heads.roles["stem"]))
        return self._at(columns_.get(place, self._heads.roles["stem"]))

    def _cell(self, column: int | None) -> Cell:
        return _EMPTY if column is None else self._row.cells.get(column, _EMPTY)

    def _text(self, role: str) -> str:
        return self._cell(self._heads.roles.get(role)).text

    def _at(self, column: int) -> str:
        if not self._sheet.named:
            return f"Bảng, cột {column + 1}"
        return f"Ô {column_name(column)}{self._row.line}{self._title}"


def _tags(text: str) -> tuple[str, ...]:
    """Tags stand between commas or semicolons, or each on a line of its own where there are several lines."""
    parts = text.replace("\r\n", "\n").split("\n") if "\n" in text else re.split("[,;]", text)
    return tuple(parts)


def table_without_headings(heads: Columns | None) -> str:
    """The sentence for a table without the headings that are due."""
    names = ", ".join(f"“{name}”" for name in (heads.missing if heads else [TITLES["stem"], "A", "B", TITLES["key"]]))
    return f"Bảng thiếu cột {names}. Dòng tiêu đề cần có Câu hỏi, A, B (đến J) và Đáp án; hãy dùng tệp mẫu để khỏi sai."
