"""Forms of a quiz round: its hours and every parameter of its rules, filled from a round and read back as parameters."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from contest.contests import checks
from contest.contests.rules import QuizParams, Reveal, TieBreak
from contest.core.display import datetime_local, parse_vn_datetime_local
from contest.core.forms import Form
from contest.core.number_fields import WholeField
from contest.quiz import labels
from contest.quiz.sentences import DECIDED

HOURS = ("title", "opens_at", "closes_at")
_TIES = tuple(f"tie_{place}" for place in range(1, len(TieBreak) + 1))


def _choices(words: dict[Any, str], *, without: tuple[Any, ...] = ()) -> list[SelectChoice]:
    return [SelectChoice(value=str(name), label=text) for name, text in words.items() if name not in without]


def _number(label: str, description: str, low: int, high: int) -> WholeField:
    message = f"{label} là số nguyên từ {low} đến {high}."
    return WholeField(
        label, description=description, validators=[InputRequired(message), NumberRange(low, high, message)]
    )


class RulesForm(Form):
    """Every parameter of a quiz round."""

    questions = _number("Số câu một đề", "", 1, checks.MOST_QUESTIONS)
    choices = _number(
        "Số phương án mỗi câu", "Chỉ rút câu có từng ấy phương án; 0 là bao nhiêu cũng được.", 0, checks.MOST_CHOICES
    )
    several_right = BooleanField("Rút cả câu có nhiều phương án đúng")
    minutes = _number("Số phút làm bài", "0 là không giới hạn trong lúc đợt còn mở.", 0, checks.MOST_MINUTES)
    attempts = _number("Số lượt mỗi người", "0 là không giới hạn. Bỏ dở vẫn tính là một lượt.", 0, checks.MOST_ATTEMPTS)
    counted = SelectField("Lượt được tính", choices=_choices(labels.COUNTED))
    points = _number("Điểm mỗi câu", "Câu sai hoặc bỏ trống không bị trừ điểm.", 1, checks.MOST_POINTS)
    all_answered = BooleanField("Phải trả lời hết các câu mới được xét hạng")
    shuffle = BooleanField("Xáo trộn câu hỏi và phương án")
    close_cuts_short = BooleanField("Giờ đóng đợt dừng cả lượt đang làm")
    prediction = SelectField("Câu hỏi dự đoán", choices=_choices(labels.PREDICTED))
    prediction_decimals = _number("Số chữ số thập phân", "Chỉ dùng khi đoán tỷ lệ phần trăm.", 0, checks.MOST_DECIMALS)
    hide_counters = BooleanField("Giấu số người, số lượt dự thi đến khi đợt đóng")
    eligible = SelectField("Ai được xét giải", choices=_choices(labels.ELIGIBLE))
    best_prize_only = BooleanField("Một người chỉ nhận giải cao nhất trong các đợt")
    min_seconds = _number("Đánh dấu lượt làm dưới", "Tính bằng giây, 0 là không đánh dấu.", 0, checks.MOST_MINUTES * 60)
    reveal_score = SelectField("Hiện điểm", choices=_choices(labels.REVEALED, without=(Reveal.NEVER,)))
    reveal_key = SelectField("Hiện đáp án", choices=_choices(labels.REVEALED, without=(Reveal.NOW,)))

    def show(self, params: QuizParams) -> None:
        """Fill in what holds now."""
        for name, value in params.as_json().items():
            if name != "tie_breaks":
                self[name].data = value
        for name, word in zip(_TIES, [*params.tie_breaks, *[""] * len(_TIES)], strict=False):
            self[name].data = str(word)

    @property
    def ties(self) -> list[SelectField]:
        """The places of the order, first to last."""
        return [self[name] for name in _TIES]

    def params(self) -> QuizParams:
        """What was filled in; ask only when every field is valid by itself."""
        values = {f.name: self[f.name].data for f in fields(QuizParams) if f.name != "tie_breaks"}
        return QuizParams.read(values | {"tie_breaks": [field.data for field in self.ties if field.data]})


for _place, _name in enumerate(_TIES, 1):
    _offered = [SelectChoice(value="", label="(không dùng)"), *_choices(dict(DECIDED))]
    setattr(RulesForm, _name, SelectField(f"Tiêu chí {_place}", choices=_offered, default=""))


class RoundForm(RulesForm):
    """A round that is made or edited before it opens: title, hours, rules."""

    title = StringField(
        "Tên đợt",
        description="Để trống thì lấy số thứ tự, ví dụ Đợt 3.",
        validators=[Length(max=100, message="Tên đợt dài quá 100 ký tự.")],
    )
    opens_at = StringField("Giờ mở", description="Giờ Việt Nam.", validators=[DataRequired("Bạn chọn giờ mở.")])
    closes_at = StringField(
        "Giờ đóng",
        description="Giờ Việt Nam. Đúng giờ này là không nhận nữa.",
        validators=[DataRequired("Bạn chọn giờ đóng.")],
    )

    def show_hours(self, *, title: str, opens_at: datetime, closes_at: datetime) -> None:
        """Fill in a title and hours."""
        self.title.data = title
        self.opens_at.data, self.closes_at.data = datetime_local(opens_at), datetime_local(closes_at)

    def hours(self) -> tuple[datetime, datetime]:
        """The moments filled in; ask only when both fields are valid."""
        return parse_vn_datetime_local(self.opens_at.data or ""), parse_vn_datetime_local(self.closes_at.data or "")

    def validate_opens_at(self, field: StringField) -> None:
        """A moment."""
        _must_be_moment(field)

    def validate_closes_at(self, field: StringField) -> None:
        """A moment, and after the opening."""
        _must_be_moment(field)
        try:
            opens_at, closes_at = self.hours()
        except ValueError:
            return
        if closes_at <= opens_at:
            raise ValidationError("Giờ đóng phải sau giờ mở.")


def _must_be_moment(field: StringField) -> None:
    try:
        parse_vn_datetime_local(field.data or "")
    except ValueError:
        raise ValidationError("Bạn chọn đủ ngày và giờ.") from None
