"""The report's tables of questions, choices and units, from the item analysis of the round."""

from collections.abc import Mapping

from contest.core.display import vn_datetime
from contest.quiz.analysis import RoundAnalysis
from contest.quiz.queries.analysis import Asked
from contest.quiz.report.table import PAIRS, Cell, Table, shown


def quality_of(found: RoundAnalysis | None) -> Table:
    """How the papers worked as a whole; without a row where nothing was analysed."""
    return Table("Chất lượng đề", PAIRS, _quality(found))


def tables_of(found: RoundAnalysis, asked: Mapping[int, Asked]) -> list[Table]:
    """The questions to look at, all of them, their choices, and the points of each unit; `asked` holds their words."""
    return [_to_see(found, asked), _questions(found, asked), _choices(found, asked), _unit_points(found)]


def _quality(found: RoundAnalysis | None) -> list[tuple[str, Cell]]:
    if found is None or not found.quiz.attempts:
        return []
    quiz = found.quiz
    return [
        ("Lượt được phân tích", quiz.attempts),
        ("Cách chọn lượt", "lượt đầu của mỗi người" if found.scope.first_only else "mọi lượt"),
        ("Điểm trung bình", shown(quiz.mean)),
        ("Điểm trung vị", shown(quiz.median)),
        ("Độ lệch chuẩn", shown(quiz.sd)),
        ("Độ lệch của phân bố", shown(quiz.skewness)),
        ("Độ nhọn của phân bố", shown(quiz.kurtosis)),
        ("CIC (Cronbach alpha), %", shown(quiz.cic)),
        ("Tỉ lệ sai số, %", shown(quiz.error_ratio)),
        ("Sai số chuẩn, điểm", shown(quiz.standard_error)),
        ("Câu hỏi cần xem", sum(1 for item in found.items if item.flags)),
        ("Phân tích tính lúc", vn_datetime(found.at)),
    ]


def _to_see(found: RoundAnalysis, asked: Mapping[int, Asked]) -> Table:
    heads = ("Mã", "Cần xem", "Lượt", "Độ dễ, %", "Độ phân biệt, %")
    rows = [
        (
            asked[item.version_id].code,
            "; ".join(flag.words for flag in item.flags),
            item.attempts,
            shown(None if item.facility is None else 100 * item.facility),
            shown(item.discrimination_index),
        )
        for item in found.items
        if item.flags and item.version_id in asked
    ]
    return Table("Câu hỏi cần xem", heads, rows)


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
            shown(None if item.facility is None else 100 * item.facility),
            shown(item.sd),
            shown(item.discrimination_index),
            shown(item.discriminative_efficiency),
            shown(item.intended_weight),
            shown(item.effective_weight),
            " ".join(asked[item.version_id].stem.split()),
        )
        for item in sorted(found.items, key=lambda item: not item.flags)
        if item.version_id in asked
    ]
    return Table("Câu hỏi", heads, rows, detail=True)


def _choices(found: RoundAnalysis, asked: Mapping[int, Asked]) -> Table:
    heads = ("Mã", "Phương án", "Đáp án", "Số lượt", "Tỉ lệ, %", "Điểm cả đề trung bình", "Nội dung")
    rows = [
        (
            asked[item.version_id].code,
            choice.letter,
            "đúng" if choice.right else "",
            choice.count,
            shown(100 * choice.count / item.attempts),
            shown(choice.mean_total),
            words,
        )
        for item in found.items
        if item.version_id in asked
        for choice, words in zip(item.choices, asked[item.version_id].choices, strict=False)
    ]
    return Table("Phương án", heads, rows, detail=True)


def _unit_points(found: RoundAnalysis) -> Table:
    heads = ("Đơn vị", "Lượt", "Điểm trung bình", "Trung vị", "Độ lệch chuẩn", "CIC, %")
    rows = [
        (
            unit.name,
            unit.quiz.attempts,
            *(shown(value) for value in (unit.quiz.mean, unit.quiz.median, unit.quiz.sd, unit.quiz.cic)),
        )
        for unit in found.units
    ]
    return Table("Điểm theo đơn vị", heads, rows, detail=True)
