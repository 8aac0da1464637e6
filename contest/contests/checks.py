"""What a quiz round's parameters may be together: each impossible combination as a sentence; whoever makes or changes a round asks here."""

from contest.contests.rules import PAPER, Eligible, Predicted, QuizParams, Reveal, TieBreak

MOST_QUESTIONS = 64
MOST_CHOICES = 10
MOST_MINUTES = 600
MOST_ATTEMPTS = 100
MOST_POINTS = 100
MOST_DECIMALS = 5

_RANGES = (
    ("questions", "Số câu một đề", 1, MOST_QUESTIONS),
    ("minutes", "Số phút làm bài", 0, MOST_MINUTES),
    ("attempts", "Số lượt mỗi người", 0, MOST_ATTEMPTS),
    ("choices", "Số phương án mỗi câu", 0, MOST_CHOICES),
    ("points", "Điểm mỗi câu", 1, MOST_POINTS),
    ("prediction_decimals", "Số chữ số thập phân của câu dự đoán", 0, MOST_DECIMALS),
    ("min_seconds", "Thời gian ngắn nhất đáng tin", 0, MOST_MINUTES * 60),
)
AFTER_START = (*PAPER, "points", "prediction", "prediction_decimals")
"""Parameters that no longer change once somebody has begun: papers were drawn, answers given and points counted by them."""


def problems(params: QuizParams, *, round_seconds: float | None = None) -> list[str]:
    """Why a round cannot have these parameters, a sentence each; `round_seconds` is how long it is open, where that is known."""
    found = [
        f"{words} phải là số nguyên từ {low} đến {high}."
        for name, words, low, high in _RANGES
        if not _whole(getattr(params, name)) or not low <= getattr(params, name) <= high
    ]
    if found:
        return found
    if params.choices == 1:
        found.append("Mỗi câu cần ít nhất hai phương án để chọn; ghi 0 nếu bao nhiêu phương án cũng được.")
    return found + _of_time(params, round_seconds) + _of_prediction(params) + _of_order(params) + _of_reveal(params)


def spent(params: QuizParams, used: int) -> list[str]:
    """Why a round in which somebody has begun `used` attempts cannot allow so few, a sentence at most."""
    if not params.attempts or used <= params.attempts:
        return []
    return [f"Đã có người vào thi lượt thứ {used} nên số lượt mỗi người không hạ xuống {params.attempts} được."]


def _of_time(params: QuizParams, round_seconds: float | None) -> list[str]:
    found = []
    if not params.minutes and not params.close_cuts_short:
        found.append(
            "Không giới hạn thời gian làm bài thì giờ đóng đợt phải dừng lượt đang làm, nếu không lượt thi không bao giờ kết thúc."
        )
    if params.minutes and params.min_seconds >= params.minutes * 60:
        found.append(
            f"Thời gian ngắn nhất đáng tin là {params.min_seconds} giây, phải ngắn hơn {params.minutes} phút làm bài."
        )
    if round_seconds is not None and params.minutes * 60 > round_seconds:
        found.append(f"Thời gian làm bài {params.minutes} phút dài hơn cả đợt thi.")
    return found


def _of_prediction(params: QuizParams) -> list[str]:
    asked, decides = params.prediction is not Predicted.NONE, TieBreak.PREDICTION in params.tie_breaks
    found = []
    if asked and not decides:
        found.append(
            "Có câu hỏi dự đoán nhưng dự đoán không nằm trong thứ tự xét hạng: hãy thêm vào thứ tự, hoặc bỏ câu dự đoán."
        )
    if decides and not asked:
        found.append(
            "Thứ tự xét hạng dùng dự đoán nhưng đợt không có câu hỏi dự đoán: hãy chọn điều cần đoán, hoặc bỏ dự đoán khỏi thứ tự."
        )
    if params.prediction_decimals and params.prediction is not Predicted.ALL_CORRECT_PERCENT:
        found.append("Chữ số thập phân chỉ dùng khi đoán tỷ lệ phần trăm; số người và số lượt là số nguyên.")
    if asked and not params.hide_counters:
        found.append(
            "Có câu hỏi dự đoán thì phải giấu số người dự thi đến khi đợt đóng, nếu không trang web mách đáp số."
        )
    return found


def _of_order(params: QuizParams) -> list[str]:
    order = params.tie_breaks
    found = []
    if not order:
        found.append("Thứ tự xét hạng cần ít nhất một tiêu chí.")
    if len(set(order)) < len(order):
        found.append("Một tiêu chí xét hạng chỉ đứng một lần trong thứ tự.")
    if order and params.eligible is Eligible.EVERYONE and order[0] is not TieBreak.SCORE:
        found.append(
            "Mọi người đều được xét giải thì điểm phải đứng đầu thứ tự; chỉ xét người đúng tất cả các câu thì mới bỏ được điểm."
        )
    if TieBreak.LOT in order and order[-1] is not TieBreak.LOT:
        found.append("Bốc thăm phải đứng cuối thứ tự: sau bốc thăm không còn ai bằng nhau để xét tiếp.")
    if TieBreak.PERFECT in order and params.attempts == 1:
        found.append("Mỗi người một lượt thì số lượt đúng tất cả không phân biệt được ai: hãy bỏ tiêu chí này.")
    return found


def _of_reveal(params: QuizParams) -> list[str]:
    found = []
    if params.reveal_score is Reveal.NEVER:
        found.append("Điểm phải hiện ngay hoặc sau khi đợt đóng: người dự thi có quyền biết điểm của mình.")
    if params.reveal_key is Reveal.NOW:
        found.append("Đáp án chỉ hiện sau khi đợt đóng, vì người thi sau có thể gặp lại cùng câu hỏi.")
    return found


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
