"""How a round's state and parameters read to the public: pure sentences, made from the same values that the machine enforces."""

from datetime import datetime, timedelta

from contest.contests.rules import EssayParams, PhotoParams, QuizParams, RoundState
from contest.core.display import nbsp, vietnam_time, vn_number
from contest.quiz import sentences as quiz

CLOSING = timedelta(days=3)
_COUNTS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")


def state_tag(*, state: RoundState, opens_at: datetime, closes_at: datetime, now: datetime) -> tuple[str, str]:
    """The name of the tag and its words: how long is left when little is, the day when it opens, else the plain state."""
    if state is RoundState.SOON:
        day = vietnam_time(opens_at)
        return "soon", f"Mở ngày {day.day:02d}/{day.month}"
    if state is RoundState.OPEN:
        left = closes_at - now
        if left <= CLOSING:
            return "closing", nbsp(f"Còn {_left(left)}")
        return "open", ""
    return state.value, ""


def short_facts(params: QuizParams | EssayParams | PhotoParams) -> str:
    """The few words beside a round's title: "20 câu, 15 phút"."""
    if isinstance(params, QuizParams):
        time = f"{params.minutes} phút" if params.minutes else "không giới hạn giờ"
        return f"{nbsp(f'{params.questions} câu')}, {nbsp(time)}"
    if isinstance(params, EssayParams):
        return nbsp(f"{vn_number(params.words_min)}–{vn_number(params.words_max)} từ")
    return nbsp(f"đến {params.entries} ảnh")


def allowance(params: QuizParams | EssayParams | PhotoParams) -> str:
    """How often a person may take part, as a sentence."""
    if isinstance(params, QuizParams):
        return f"Mỗi người {in_words(params.attempts)} lượt thi." if params.attempts else "Không giới hạn số lượt thi."
    noun = "bài" if isinstance(params, EssayParams) else "ảnh"
    return f"Mỗi người gửi tối đa {in_words(params.entries)} {noun}."


def sentences(params: QuizParams | EssayParams | PhotoParams) -> list[str]:
    """Every parameter that an entrant should know, one sentence each."""
    if isinstance(params, QuizParams):
        return quiz.sentences(params)
    if isinstance(params, EssayParams):
        return [
            f"Chủ đề: {_listed(params.themes)}.",
            f"Mỗi bài từ {vn_number(params.words_min)} đến {vn_number(params.words_max)} từ, đếm như Word.",
            allowance(params),
            f"Soạn ngay trên trang hoặc tải tệp .docx dung lượng đến {params.megabytes} MB.",
            f"Mỗi bài do {in_words(params.judges)} giám khảo chấm độc lập, chỉ thấy số phách.",
        ]
    return [
        f"Chủ đề: {_listed(params.themes)}.",
        allowance(params),
        f"Cạnh dài của ảnh từ {vn_number(params.long_edge)} điểm ảnh, tệp đến {params.megabytes} MB, gửi thẳng từ điện thoại được.",
        f"Chú thích dài nhất {params.caption_words} từ.",
        f"Mỗi ảnh do {in_words(params.judges)} giám khảo chấm độc lập, chỉ thấy số phách.",
    ]


def in_words(count: int) -> str:
    """Small numbers as words, larger ones in figures."""
    return _COUNTS[count] if 0 <= count < len(_COUNTS) else vn_number(count)


def _listed(words: tuple[str, ...]) -> str:
    return "; ".join(words)


def _left(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    if hours >= 24:
        return f"{hours // 24} ngày"
    return f"{hours} giờ" if hours else f"{max(1, int(left.total_seconds() // 60))} phút"


def seal(digest: str) -> str:
    """A digest in groups of four, as receipts print it."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
