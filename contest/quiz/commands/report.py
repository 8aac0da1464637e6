"""The figures of a round as tables, and the tables as text or as a spreadsheet; `contest quiz report` writes them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

from contest.contests.models import Round
from contest.contests.rules import RoundState
from contest.core.display import vn_datetime, vn_number
from contest.quiz.analysis import RoundAnalysis
from contest.quiz.queries.analysis import Asked
from contest.quiz.rules import AttemptState

Cell = str | int | float | None
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 60  # characters of a column of text
_STATES = {
    RoundState.SOON: "Chưa mở",
    RoundState.OPEN: "Đang mở, số liệu chưa cuối cùng",
    RoundState.PAUSED: "Đang tạm dừng, số liệu chưa cuối cùng",
    RoundState.CLOSED: "Đã đóng",
}


@dataclass(frozen=True)
class Table:
    """One table of the report; numbers are numbers, None is a figure that is not defined."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def tables(
    round_: Round,
    state: RoundState,
    counts: Mapping[AttemptState, int],
    found: RoundAnalysis,
    asked: Mapping[int, Asked],
) -> list[Table]:
    """The round, its questions, their choices, its units."""
    quiz = found.quiz
    figures: list[tuple[str, Cell]] = [
        ("Phần thi", round_.track.title),
        ("Đợt", round_.title),
        ("Trạng thái", _STATES[state]),
        ("Mở", vn_datetime(round_.opens_at)),
        ("Đóng", vn_datetime(round_.closes_at)),
        ("Lượt đang làm", counts[AttemptState.OPEN]),
        ("Lượt đã nộp", counts[AttemptState.HANDED_IN]),
        ("Lượt hết giờ, tự nộp", counts[AttemptState.EXPIRED]),
        ("Lượt đã hủy", counts[AttemptState.ANNULLED]),
        ("Lượt được phân tích", quiz.attempts),
        ("Cách chọn lượt", "lượt đầu của mỗi người" if found.scope.first_only else "mọi lượt"),
        ("Điểm cao nhất có thể", found.most_points),
        ("Điểm trung bình", _shown(quiz.mean)),
        ("Điểm trung vị", _shown(quiz.median)),
        ("Độ lệch chuẩn", _shown(quiz.sd)),
        ("Độ lệch của phân bố", _shown(quiz.skewness)),
        ("Độ nhọn của phân bố", _shown(quiz.kurtosis)),
        ("CIC (Cronbach alpha), %", _shown(quiz.cic)),
        ("Tỉ lệ sai số, %", _shown(quiz.error_ratio)),
        ("Sai số chuẩn, điểm", _shown(quiz.standard_error)),
        ("Tính lúc", vn_datetime(found.at)),
    ]
    return [
        Table("Đợt thi", ("Mục", "Giá trị"), figures),
        _questions(found, asked),
        _choices(found, asked),
        _units(found),
    ]


def as_text(found: Sequence[Table]) -> str:
    """The tables one under another, columns set with spaces."""
    return "\n\n".join(_as_text(table) for table in found)


def as_sheets(found: Sequence[Table]) -> bytes:
    """An .xlsx with a sheet for each table."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    for table in found:
        sheet = book.add_worksheet(table.title)
        for column, head in enumerate(table.heads):
            wide = max((len(_worded(row[column])) for row in table.rows), default=0)
            sheet.set_column(column, column, min(max(wide, len(head)) + 2, _LONGEST))
            sheet.write_string(0, column, head, bold)
        for line, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(line, column, cell)
                elif cell:
                    sheet.write_string(line, column, _neutral(cell))
        sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


def _questions(found: RoundAnalysis, asked: Mapping[int, Asked]) -> Table:
    heads = (
        *("Mã", "Cần xem", "Lượt", "Bỏ trống", "Độ dễ, %", "Độ lệch chuẩn", "Độ phân biệt, %"),
        *("Hiệu quả phân biệt, %", "Trọng số dự kiến, %", "Trọng số thực, %", "Câu hỏi"),
    )
    rows = [
        (
            asked[item.version_id].code,
            "; ".join(flag.words for flag in item.flags),
            item.attempts,
            item.blank,
            _shown(None if item.facility is None else 100 * item.facility),
            _shown(item.sd),
            _shown(item.discrimination_index),
            _shown(item.discriminative_efficiency),
            _shown(item.intended_weight),
            _shown(item.effective_weight),
            " ".join(asked[item.version_id].stem.split()),
        )
        for item in sorted(found.items, key=lambda item: not item.flags)
        if item.version_id in asked
    ]
    return Table("Câu hỏi", heads, rows)


def _choices(found: RoundAnalysis, asked: Mapping[int, Asked]) -> Table:
    heads = ("Mã", "Phương án", "Đáp án", "Số lượt", "Tỉ lệ, %", "Điểm cả đề trung bình", "Nội dung")
    rows = [
        (
            asked[item.version_id].code,
            choice.letter,
            "đúng" if choice.right else "",
            choice.count,
            _shown(100 * choice.count / item.attempts),
            _shown(choice.mean_total),
            words,
        )
        for item in found.items
        if item.version_id in asked
        for choice, words in zip(item.choices, asked[item.version_id].choices, strict=False)
    ]
    return Table("Phương án", heads, rows)


def _units(found: RoundAnalysis) -> Table:
    heads = ("Đơn vị", "Lượt", "Điểm trung bình", "Trung vị", "Độ lệch chuẩn", "CIC, %")
    rows = [
        (
            unit.name,
            unit.quiz.attempts,
            *(_shown(value) for value in (unit.quiz.mean, unit.quiz.median, unit.quiz.sd, unit.quiz.cic)),
        )
        for unit in found.units
    ]
    return Table("Đơn vị", heads, rows)


def _as_text(table: Table) -> str:
    lines = [table.heads, *([_worded(cell) for cell in row] for row in table.rows)]
    wide = [min(max(len(line[column]) for line in lines), _LONGEST) for column in range(len(table.heads))]
    told = ["  ".join(cell.ljust(size) for cell, size in zip(line, wide, strict=True)).rstrip() for line in lines]
    return "\n".join([table.title.upper(), *told])


def _worded(cell: Cell) -> str:
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else vn_number(cell)


def _shown(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _neutral(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
