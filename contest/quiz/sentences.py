"""A quiz round's parameters as sentences for citizens: the track page, the regulations and the organisers' preview read the same ones."""

from contest.contests.rules import Counted, Eligible, Predicted, QuizParams, Reveal, TieBreak
from contest.core.display import vn_duration
from contest.quiz.ranks import veils

GUESSED = {
    Predicted.PARTICIPANTS: "số người dự thi",
    Predicted.ATTEMPTS: "số lượt thi",
    Predicted.ALL_CORRECT: "số người trả lời đúng tất cả các câu",
    Predicted.ALL_CORRECT_PERCENT: "tỷ lệ phần trăm người trả lời đúng tất cả các câu trên số người dự thi",
}
WHOLE_ALONE = "chỉ tính lượt thi trả lời hết các câu"
DECIDED = {
    TieBreak.SCORE: "điểm cao hơn",
    TieBreak.PREDICTION: "dự đoán sát hơn",
    TieBreak.DURATION: "thời gian làm bài ngắn hơn",
    TieBreak.SUBMITTED: "nộp bài sớm hơn",
    TieBreak.STARTED: "bắt đầu làm bài sớm hơn",
    TieBreak.PERFECT: "nhiều lượt thi đúng tất cả các câu hơn",
    TieBreak.LOT: "bốc thăm",
}
_COUNTED = {
    Counted.BEST: "lượt có kết quả tốt nhất",
    Counted.FIRST: "lượt đầu tiên",
    Counted.LAST: "lượt cuối cùng",
}
_SEVERAL = (
    "Câu có nhiều phương án đúng chỉ được tính là đúng khi chọn đủ các phương án đúng và không chọn phương án nào khác."
)
_CLOCK = (
    "Đồng hồ do máy chủ giữ và chạy tiếp cả khi đóng trang hay mất mạng; câu trả lời được lưu trong lúc làm, "
    "hết giờ hệ thống tự nộp những gì đã lưu."
)
_PAUSE = (
    "Khi Ban Tổ chức tạm dừng đợt thi, không ai bắt đầu lượt mới và đồng hồ của lượt đang làm đứng lại; câu trả lời gửi đến lúc đó vẫn "
    "được lưu. Khi thi tiếp, hạn nộp của lượt đang làm và giờ đóng đợt lùi đúng bằng thời gian tạm dừng; thời gian tạm dừng không tính vào "
    "thời gian làm bài."
)
_SIGNALS = (
    "Sau khi đợt thi đóng, máy đối chiếu thời gian làm bài, câu trả lời và thông tin đăng ký đã có trên máy chủ để nêu điều khác thường; "
    "Ban Tổ chức xem xét từng trường hợp, không ai bị trừ điểm hay loại tự động."
)
_LAST = "Đợt thi đã đóng mà còn người được làm tiếp thì những gì chờ đợt thi đóng mới hiện ra sẽ chờ đến khi người cuối cùng nộp bài hoặc hết giờ."
_BEST_PRIZE = (
    "Ai đạt giải ở nhiều đợt chỉ nhận một giải cao nhất (tiền thưởng lớn hơn; bằng tiền thì xét mức giải, rồi đợt công bố trước); "
    "giải còn lại trao cho người kế tiếp trong bảng xếp hạng của đợt đó."
)
_HARDSHIP = "Ban Tổ chức có thể thêm giờ hoặc thêm lượt cho người gặp sự cố, và thêm thời gian cho người khuyết tật; mỗi việc đều ghi lý do vào nhật ký."


def sentences(params: QuizParams) -> list[str]:
    """Every rule of a round, one sentence each, in the order in which an entrant meets them."""
    return [
        *_paper(params),
        *_time(params),
        *_attempts(params),
        *_prediction(params),
        *_ranking(params),
        *_shown(params),
    ]


def prediction_question(params: QuizParams, round_title: str) -> str:
    """What the entrant is asked to guess; an empty text where the rules ask nothing."""
    of_round = round_title[:1].lower() + round_title[1:]
    asked = {
        Predicted.NONE: "",
        Predicted.ALL_CORRECT: f"Có bao nhiêu người trả lời đúng cả {params.questions} câu ở {of_round}?",
        Predicted.PARTICIPANTS: f"Có bao nhiêu người dự thi ở {of_round}?",
        Predicted.ATTEMPTS: f"Có bao nhiêu lượt thi ở {of_round}?",
        Predicted.ALL_CORRECT_PERCENT: f"Bao nhiêu phần trăm người dự thi ở {of_round} trả lời đúng cả {params.questions} câu?",
    }[params.prediction]
    return f"{asked[:-1]}, {WHOLE_ALONE}?" if asked and params.all_answered else asked


def guessed(params: QuizParams) -> str:
    """What people guess, and which attempts count for it where not all do; the rules ask for a prediction."""
    return f"{GUESSED[params.prediction]}, {WHOLE_ALONE}" if params.all_answered else GUESSED[params.prediction]


def _paper(params: QuizParams) -> list[str]:
    said = [
        f"Mỗi đề có {params.questions} câu hỏi trắc nghiệm{f', mỗi câu có {params.choices} phương án' if params.choices else ''}.",
        "Câu hỏi của mỗi lượt thi được máy rút ngẫu nhiên từ ngân hàng câu hỏi, theo số câu đã định cho từng chương, từng độ khó.",
        f"Mỗi câu đúng được {params.points} điểm; câu sai hoặc bỏ trống không bị trừ điểm.",
        _SEVERAL if params.several_right else "Mỗi câu có đúng một phương án đúng.",
    ]
    said.append(
        "Câu hỏi và thứ tự phương án được xáo trộn riêng cho từng lượt thi."
        if params.shuffle
        else "Câu hỏi và phương án giữ một thứ tự, không xáo trộn; mỗi lượt thi vẫn rút câu hỏi riêng."
    )
    if params.all_answered:
        said.append("Lượt thi chỉ được xét hạng khi đã trả lời tất cả các câu hỏi.")
    return said


def _time(params: QuizParams) -> list[str]:
    if not params.minutes:
        limit = "Không giới hạn thời gian làm bài trong lúc đợt thi còn mở; đợt đóng thì lượt đang làm được tự nộp với những câu đã lưu."
    elif params.close_cuts_short:
        limit = f"Thời gian làm bài là {params.minutes} phút; bắt đầu sát giờ đóng đợt thì thời gian ngắn lại, vì đợt đóng là hết giờ."
    else:
        limit = (
            f"Thời gian làm bài là {params.minutes} phút; đã bắt đầu trước giờ đóng đợt thì vẫn được làm hết thời gian."
        )
    said = [limit, _CLOCK, _PAUSE, _HARDSHIP]
    if params.min_seconds:
        said.append(
            f"Lượt thi làm xong dưới {vn_duration(params.min_seconds)} được đánh dấu để Ban Tổ chức xem lại; hệ thống không tự loại ai."
        )
    return said


def _attempts(params: QuizParams) -> list[str]:
    if params.attempts == 1:
        return [
            "Mỗi người thi một lượt trong đợt; đã bấm bắt đầu là dùng hết lượt, kể cả khi bỏ dở.",
        ]
    allowed = f"thi nhiều nhất {params.attempts} lượt" if params.attempts else "thi không giới hạn số lượt"
    return [
        f"Mỗi người {allowed} trong đợt, mỗi lúc một lượt; bỏ dở một lượt vẫn tính là một lượt.",
        f"Trong các lượt của một người, {_COUNTED[params.counted]} được tính.",
    ]


def _prediction(params: QuizParams) -> list[str]:
    if params.prediction is Predicted.NONE:
        return ["Không có câu hỏi dự đoán."]
    places = f", lấy đến {params.prediction_decimals} chữ số thập phân" if params.prediction_decimals else ""
    whole = f"; {WHOLE_ALONE}" if params.all_answered else ""
    return [
        f"Có một câu hỏi dự đoán: {GUESSED[params.prediction]} trong cả đợt{places}{whole}; đáp số chỉ tính được khi đợt đóng."
    ]


def _ranking(params: QuizParams) -> list[str]:
    order = [DECIDED[word] for word in params.order]
    if params.eligible is Eligible.ALL_CORRECT_ONLY:
        who = f"Chỉ người trả lời đúng cả {params.questions} câu ở lượt được tính mới được xét giải."
    else:
        who = "Mọi người dự thi đều được xét giải."
    said = [who]
    if order:
        said.append(
            f"Thứ tự xét hạng: {'; bằng nhau thì xét '.join(order)}. Bằng nhau đến tiêu chí cuối thì đồng hạng."
        )
    if params.best_prize_only:
        said.append(_BEST_PRIZE)
    return [*said, _SIGNALS]


def _shown(params: QuizParams) -> list[str]:
    said = [
        "Điểm hiện ngay sau khi nộp bài và chấm xong."
        if params.reveal_score is Reveal.NOW
        else "Điểm hiện sau khi đợt thi đóng.",
        "Đáp án và bài làm được xem lại sau khi đợt thi đóng."
        if params.reveal_key is not Reveal.NEVER
        else "Đáp án không được công bố.",
    ]
    said.append(
        "Số người và số lượt dự thi được giấu đến khi đợt thi đóng."
        if veils(params)
        else "Số người và số lượt dự thi hiện công khai trong lúc đợt thi mở."
    )
    return [*said, _LAST]
