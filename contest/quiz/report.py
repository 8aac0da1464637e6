"""The report of a round as tables of Vietnamese words and numbers; the desk's page and files and `contest quiz report` show the same ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.contests.rules import Predicted, QuizParams, RoundState
from contest.core.display import clock, vietnam_time, vn_date, vn_datetime, vn_duration, vn_number, vn_percent, vn_time
from contest.quiz import labels
from contest.quiz.analysis import RoundAnalysis
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.queries.analysis import Asked
from contest.quiz.queries.ranking import RankedAttempt, TraceStep
from contest.quiz.queries.report import ANNULLED_SHOWN, Report
from contest.quiz.sentences import GUESSED
from question_bank.schema import LETTERS

Cell = str | int | float | None
PAIRS = ("Mục", "Giá trị")
_STATES = {
    RoundState.SOON: "Chưa mở",
    RoundState.OPEN: "Đang mở",
    RoundState.PAUSED: "Đang tạm dừng",
    RoundState.CLOSED: "Đã đóng",
}
_CRITERIA = {
    "eligible": "Đúng tất cả",
    "score": "Điểm",
    "prediction": "Dự đoán lệch",
    "duration": "Thời gian làm",
    "submitted": "Nộp lúc",
    "started": "Bắt đầu lúc",
    "perfect": "Lượt đúng hết",
    "lot": "Thăm",
}
_BLOCS = {0: "Trong tỉnh", 1: "Ngoài tỉnh"}


@dataclass(frozen=True)
class Table:
    """One table; numbers are numbers, None is a figure that is not defined. What is `detail` stands in spreadsheets and text alone."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    detail: bool = False

    @property
    def is_pairs(self) -> bool:
        """Whether each row is a word and its value."""
        return self.heads == PAIRS

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers, which stand at the right."""
        return any(isinstance(row[column], int | float) for row in self.rows) and not any(
            isinstance(row[column], str) for row in self.rows
        )


def worded(cell: Cell) -> str:
    """A cell as it is read."""
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else vn_number(cell)


def standing_of(report: Report) -> str:
    """Why the figures may still change; an empty text once they are final."""
    if not report.provisional:
        return ""
    if report.state is not RoundState.CLOSED:
        return "Đợt chưa đóng. Mọi số liệu là tạm tính và còn thay đổi."
    return "Đợt đã đóng, hệ thống còn chấm bài và xếp hạng. Mọi số liệu là tạm tính."


def tables(
    report: Report, params: QuizParams, found: RoundAnalysis | None = None, asked: Mapping[int, Asked] | None = None
) -> list[Table]:
    """Every table of the report that has something to say; `found` and `asked` bring the questions."""
    listed = [
        Table("Đợt thi", PAIRS, _figures(report, params)),
        Table("Chất lượng đề", PAIRS, _quality(found)),
        *_parts(report),
        *_when(report),
        _top(report, params),
        *_acts(report),
    ]
    if found is not None:
        known = asked or {}
        listed += [_to_see(found, known), _questions(found, known), _choices(found, known), _unit_points(found)]
    return [table for table in listed if table.rows]


def prediction_of(report: Report, params: QuizParams) -> str:
    """The prediction's answer in words; an empty text where nothing is predicted or the answer is not known."""
    if params.prediction is Predicted.NONE or report.actual is None:
        return ""
    sign = "%" if params.prediction is Predicted.ALL_CORRECT_PERCENT else ""
    return vn_number(report.actual / params.scale, params.prediction_decimals) + sign


def _figures(report: Report, params: QuizParams) -> list[tuple[str, Cell]]:
    totals, round_ = report.totals, report.round
    answer = prediction_of(report, params)
    lines: list[tuple[str, Cell]] = [
        ("Phần thi", round_.track.title),
        ("Đợt", round_.title),
        ("Trạng thái", _STATES[report.state] + (", số liệu tạm tính" if report.provisional else "")),
        ("Mở", vn_datetime(round_.opens_at)),
        ("Đóng", vn_datetime(round_.closes_at)),
        ("Số liệu lúc", vn_datetime(report.at)),
        ("Người dự thi", totals.people),
        ("Lượt thi đã nộp", totals.attempts),
        ("Trong đó hết giờ, tự nộp", totals.expired),
        ("Lượt đang làm", totals.open),
        ("Lượt chờ chấm", totals.ungraded),
        ("Lượt đã hủy", totals.annulled),
        ("Người trả lời đúng tất cả", totals.all_correct_people),
        (
            "Tỷ lệ người đúng tất cả",
            vn_percent(100 * totals.all_correct_people / totals.people, 2) if totals.people else None,
        ),
        ("Lượt trả lời đúng tất cả", totals.all_correct_attempts),
        ("Điểm cao nhất đạt được", totals.most_points),
        ("Điểm cao nhất có thể", params.questions * params.points),
        ("Điểm trung bình mỗi lượt", _shown(totals.mean_points)),
        ("Số câu đúng trung bình", _shown(totals.mean_correct)),
        ("Thời gian làm trung bình", None if totals.mean_ms is None else clock(totals.mean_ms / 1000)),
        ("Lượt được thêm giờ", totals.longer),
        ("Tổng giờ được thêm", vn_duration(totals.longer_seconds) if totals.longer_seconds else None),
        ("Người được thêm lượt", totals.granted_people),
        ("Số lượt được thêm", totals.granted_attempts),
    ]
    if params.prediction is not Predicted.NONE:
        lines += [("Câu dự đoán", GUESSED[params.prediction]), ("Đáp số dự đoán", answer or None)]
    return lines


def _quality(found: RoundAnalysis | None) -> list[tuple[str, Cell]]:
    if found is None or not found.quiz.attempts:
        return []
    quiz = found.quiz
    return [
        ("Lượt được phân tích", quiz.attempts),
        ("Cách chọn lượt", "lượt đầu của mỗi người" if found.scope.first_only else "mọi lượt"),
        ("Điểm trung bình", _shown(quiz.mean)),
        ("Điểm trung vị", _shown(quiz.median)),
        ("Độ lệch chuẩn", _shown(quiz.sd)),
        ("Độ lệch của phân bố", _shown(quiz.skewness)),
        ("Độ nhọn của phân bố", _shown(quiz.kurtosis)),
        ("CIC (Cronbach alpha), %", _shown(quiz.cic)),
        ("Tỉ lệ sai số, %", _shown(quiz.error_ratio)),
        ("Sai số chuẩn, điểm", _shown(quiz.standard_error)),
        ("Câu hỏi cần xem", sum(1 for item in found.items if item.flags)),
        ("Phân tích tính lúc", vn_datetime(found.at)),
    ]


def _parts(report: Report) -> Iterable[Table]:
    kinds = (("units", "Đơn vị", 1), ("occupations", "Nghề nghiệp", 2), ("blocs", "Khối", 2))
    titles = {"units": "Theo đơn vị", "occupations": "Theo nghề nghiệp", "blocs": "Trong và ngoài tỉnh"}
    for kind, head, least in kinds:
        lines = report.tables.get(kind, [])
        if len(lines) < least:
            continue
        rows = [
            (
                _BLOCS[line["id"]] if kind == "blocs" else line["id"],
                line["people"],
                line["attempts"],
                line["perfect"],
            )
            for line in lines
        ]
        yield Table(titles[kind], (head, "Người", "Lượt", "Người đúng hết"), rows)


def _when(report: Report) -> Iterable[Table]:
    days = [(vn_date(day.day), day.started, day.handed_in) for day in report.days]
    yield Table("Theo ngày", ("Ngày", "Lượt bắt đầu", "Lượt nộp"), days)
    hours = [(f"{hour} giờ đến {hour + 1} giờ", count) for hour, count in enumerate(report.hours) if count]
    yield Table("Theo giờ trong ngày", ("Giờ", "Lượt bắt đầu"), hours, note="Giờ Việt Nam, cộng mọi ngày của đợt.")


def _top(report: Report, params: QuizParams) -> Table:
    steps = report.top[0][1] if report.top else []
    heads = ("Hạng", "Họ và tên", "Đơn vị", *(_CRITERIA[step.criterion] for step in steps), "Tiêu chí quyết định")
    rows: list[tuple[Cell, ...]] = [
        (
            row.place,
            row.full_name,
            row.unit_name,
            *(_value(step, row, params) if step.needed else "" for step in trace),
            next((_CRITERIA[step.criterion] for step in trace if step.decides), "đồng hạng" if row.equal else ""),
        )
        for row, trace in report.top
    ]
    notes = [
        "Thứ hạng tạm tính." if report.provisional else "",
        "Ô trống: tiêu chí không cần xét đến.",
        f"Hạt giống bốc thăm: {report.lot_seed}." if report.lot_seed else "",
    ]
    return Table("Xếp hạng đầu bảng", heads, rows, note=" ".join(note for note in notes if note))


def _value(step: TraceStep, row: RankedAttempt, params: QuizParams) -> str:
    error = row.prediction_error
    words: dict[str, Callable[[], str]] = {
        "eligible": lambda: "có" if row.eligible else "không",
        "score": lambda: vn_number(row.points),
        "prediction": lambda: (
            "chưa có" if error is None else vn_number(error / params.scale, params.prediction_decimals)
        ),
        "duration": lambda: clock(row.duration_ms / 1000),
        "submitted": lambda: _moment(row.handed_in_at),
        "started": lambda: _moment(row.started_at),
        "perfect": lambda: vn_number(row.perfect),
        "lot": lambda: row.lot[:8],
    }
    return words[step.criterion]()


def _moment(at: datetime) -> str:
    return f"{vn_time(at)} {vn_date(vietnam_time(at))}"


def _acts(report: Report) -> Iterable[Table]:
    yield Table(
        "Lượt đã hủy",
        ("Biên nhận", "Hủy lúc", "Lý do"),
        [(line.receipt or f"số {line.attempt_id}", vn_datetime(line.at), line.reason) for line in report.annulled],
        note=f"{ANNULLED_SHOWN} lượt mới nhất." if report.totals.annulled > ANNULLED_SHOWN else "",
    )
    yield Table(
        "Điều chỉnh thể lệ",
        ("Lúc", "Điều chỉnh", "Lý do"),
        [
            (
                vn_datetime(change.changed_at),
                "; ".join(
                    f"{word}: {old} → {new}" for word, old, new in labels.differences(change.before, change.after)
                ),
                change.reason,
            )
            for change in report.rule_changes
        ],
    )
    yield Table(
        "Những lần tạm dừng",
        ("Từ", "Đến", "Kéo dài", "Lý do"),
        [
            (
                vn_datetime(pause.began_at),
                vn_datetime(pause.ended_at) if pause.ended_at else "đang tạm dừng",
                vn_duration(pause.ended_at - pause.began_at) if pause.ended_at else "",
                pause.reason,
            )
            for pause in report.pauses
        ],
    )
    yield Table(
        "Các lần đổi đáp án",
        ("Câu hỏi", "Lúc", "Cách chấm mới", "Lượt đổi điểm", "Lý do"),
        [
            (
                code,
                vn_datetime(change.made_at),
                _rule(change),
                change.changed if change.done_at else None,
                change.reason,
            )
            for change, code in report.key_changes
        ],
    )


def _rule(change: KeyChange) -> str:
    if change.rule is KeyRule.KEY:
        return "đáp án " + "".join(letter for place, letter in enumerate(LETTERS) if change.key >> place & 1)
    return "mọi phương án đều đúng" if change.rule is KeyRule.ANY else "bỏ câu này"


def _to_see(found: RoundAnalysis, asked: Mapping[int, Asked]) -> Table:
    heads = ("Mã", "Cần xem", "Lượt", "Độ dễ, %", "Độ phân biệt, %")
    rows = [
        (
            asked[item.version_id].code,
            "; ".join(flag.words for flag in item.flags),
            item.attempts,
            _shown(None if item.facility is None else 100 * item.facility),
            _shown(item.discrimination_index),
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
    return Table("Câu hỏi", heads, rows, detail=True)


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
    return Table("Phương án", heads, rows, detail=True)


def _unit_points(found: RoundAnalysis) -> Table:
    heads = ("Đơn vị", "Lượt", "Điểm trung bình", "Trung vị", "Độ lệch chuẩn", "CIC, %")
    rows = [
        (
            unit.name,
            unit.quiz.attempts,
            *(_shown(value) for value in (unit.quiz.mean, unit.quiz.median, unit.quiz.sd, unit.quiz.cic)),
        )
        for unit in found.units
    ]
    return Table("Điểm theo đơn vị", heads, rows, detail=True)


def _shown(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
