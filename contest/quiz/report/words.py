"""The report of a round in words: its figures, its days, the head of its board and what was done to it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from contest.contests.rules import Predicted, QuizParams, RoundState
from contest.core.display import clock, vietnam_time, vn_date, vn_datetime, vn_duration, vn_number, vn_percent, vn_time
from contest.quiz import labels
from contest.quiz.analysis import RoundAnalysis
from contest.quiz.ledger import KeyChange, KeyRule
from contest.quiz.queries.analysis import Asked
from contest.quiz.queries.places import RankedAttempt, TraceStep
from contest.quiz.queries.report import ANNULLED_SHOWN, Report
from contest.quiz.report import questions
from contest.quiz.report.table import PAIRS, Cell, Table, shown
from contest.quiz.sentences import guessed
from question_bank.schema import LETTERS

_STATES = {
    RoundState.SOON: "Chưa mở",
    RoundState.OPEN: "Đang mở",
    RoundState.PAUSED: "Đang tạm dừng",
    RoundState.CLOSED: "Đã đóng",
}
_CRITERIA = {
    "eligible": "Đúng tất cả",
    "score": "Điểm",
    "prediction": "Chênh lệch dự đoán",
    "duration": "Thời gian làm",
    "submitted": "Nộp lúc",
    "started": "Bắt đầu lúc",
    "perfect": "Lượt đúng hết",
    "lot": "Thăm",
}
_BLOCS = {0: "Trong tỉnh", 1: "Ngoài tỉnh"}


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
        questions.quality_of(found),
        *_parts(report, params),
        *_when(report),
        _top(report, params),
        *_acts(report),
    ]
    if found is not None:
        listed += questions.tables_of(found, asked or {})
    return [table for table in listed if table.rows]


def prediction_of(report: Report, params: QuizParams) -> str:
    """The prediction's answer in words; an empty text where nothing is predicted or the answer is not known."""
    if params.prediction is Predicted.NONE or report.actual is None:
        return ""
    sign = "%" if params.prediction is Predicted.ALL_CORRECT_PERCENT else ""
    return vn_number(report.actual / params.scale, params.prediction_decimals) + sign


def people_of(params: QuizParams) -> str:
    """Who is counted as taking part, in words: not only whoever has an attempt that may have a place."""
    return "Người dự thi, kể cả người bỏ trống câu" if params.all_answered else "Người dự thi"


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
        (people_of(params), totals.people),
        ("Lượt thi đã nộp", totals.attempts),
        ("Trong đó hết giờ, tự nộp", totals.expired),
        ("Lượt đang làm", totals.open),
        ("Lượt chờ chấm", totals.ungraded),
        ("Lượt đã hủy", totals.annulled),
        ("Người trả lời đúng tất cả", totals.all_correct_people),
        (
            "Tỷ lệ người đúng tất cả trên mọi người dự thi" if params.all_answered else "Tỷ lệ người đúng tất cả",
            vn_percent(100 * totals.all_correct_people / totals.people, 2) if totals.people else None,
        ),
        ("Lượt trả lời đúng tất cả", totals.all_correct_attempts),
        ("Điểm cao nhất đạt được", totals.most_points),
        ("Điểm cao nhất có thể", params.questions * params.points),
        ("Điểm trung bình mỗi lượt", shown(totals.mean_points)),
        ("Số câu đúng trung bình", shown(totals.mean_correct)),
        ("Thời gian làm trung bình", None if totals.mean_ms is None else clock(totals.mean_ms / 1000)),
        ("Lượt được thêm giờ", totals.longer),
        ("Tổng giờ được thêm", vn_duration(totals.longer_seconds) if totals.longer_seconds else None),
        ("Người được thêm lượt", totals.granted_people),
        ("Số lượt được thêm", totals.granted_attempts),
    ]
    if params.prediction is not Predicted.NONE:
        lines += [("Câu dự đoán", guessed(params)), ("Đáp số dự đoán", answer or None)]
    return lines


def _parts(report: Report, params: QuizParams) -> Iterable[Table]:
    note = f"{people_of(params)}." if params.all_answered else ""
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
        yield Table(titles[kind], (head, "Người", "Lượt", "Người đúng hết"), rows, note=note)


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
