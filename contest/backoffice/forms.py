"""Forms of the desk: a judging stage, a prize table, a publication, extra time."""

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms import (
    FieldList,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from contest.accounts.models import Account
from contest.backoffice.asking import LONGEST_REASON
from contest.contests.models import Round
from contest.contests.rules import EssayParams, PhotoParams
from contest.core.display import lower_first
from contest.core.forms import Form, Row
from contest.core.number_fields import DongField, WholeField
from contest.judging.rules import TOTAL, weights_are_whole
from contest.judging.service import NewCriterion
from contest.results.models import Prize
from contest.results.service import MOST_PLACES, NewPrize

CRITERIA = 6
PRIZES = 6
DEAREST = 10**9


def reason_field() -> StringField:
    """Why; every act of the desk asks for it."""
    return StringField(
        "Lý do",
        description="Lưu vào nhật ký, ví dụ số văn bản làm căn cứ.",
        validators=[
            DataRequired("Bạn ghi lý do để lưu vào nhật ký."),
            Length(max=LONGEST_REASON, message=f"Lý do dài quá {LONGEST_REASON} ký tự."),
        ],
    )


class NumberedRows(FieldList):  # type: ignore[misc]
    """Rows numbered in the names of their fields; a field whose number is none belongs to no row."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").partition("-")[0] if name.startswith(f"{prefix}-") else ""
            if number.isascii() and number.isdigit() and len(number) <= 3:
                yield int(number)


class CriterionRow(Row):
    """One criterion; a row without a title and without points is no row."""

    title = StringField("Tiêu chí", validators=[Length(max=100, message="Tên tiêu chí dài quá 100 ký tự.")])
    description = StringField("Mô tả", validators=[Length(max=500, message="Mô tả dài quá 500 ký tự.")])
    weight = WholeField(
        "Điểm tối đa",
        validators=[Optional(), NumberRange(min=1, max=TOTAL, message="Điểm tối đa từ 1 đến 100.")],
    )


class StageForm(Form):
    """A judging stage: its round, title, rubric and panel."""

    round_id = SelectField("Đợt", coerce=int, validators=[InputRequired("Bạn chọn đợt.")])
    title = StringField(
        "Tên vòng chấm",
        validators=[DataRequired("Bạn đặt tên vòng chấm."), Length(max=100, message="Tên dài quá 100 ký tự.")],
    )
    criteria = NumberedRows(FormField(CriterionRow), min_entries=CRITERIA, max_entries=CRITERIA)
    judges = SelectMultipleField(
        "Giám khảo trong hội đồng",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    per_entry = WholeField(
        "Số giám khảo chấm mỗi bài",
        default=2,
        validators=[
            InputRequired("Bạn ghi số giám khảo."),
            NumberRange(min=1, max=10, message="Mỗi bài cần từ 1 đến 10 giám khảo."),
        ],
    )
    going_on = RadioField(
        "Bài vào vòng này",
        choices=[
            SelectChoice(value="top", label="Các bài điểm cao nhất của vòng trước"),
            SelectChoice(value="all", label="Tất cả các bài đã nộp"),
        ],
        validators=[Optional()],
        validate_choice=False,
    )
    top = WholeField("Số bài lấy từ trên xuống", validators=[Optional()])
    reason = reason_field()

    def wanted(self) -> int | None:
        """How many entries go on by their mean; None for all of them."""
        return self.top.data if self.going_on.data == "top" else None

    def must_say_who_goes_on(self) -> bool:
        """Of a stage after another: an explicit choice of its entries; False with words on the field when there is none."""
        if self.going_on.data not in ("top", "all"):
            self.going_on.errors = [*self.going_on.errors, "Bạn chọn bài nào vào vòng này."]
        elif self.going_on.data == "top" and not self.top.data and not self.top.errors:
            self.top.errors = [*self.top.errors, "Bạn ghi số bài vào vòng này."]
        return not self.going_on.errors and not self.top.errors

    def offer(self, *, rounds: Sequence[Round], judges: Sequence[Account]) -> None:
        """Fill the choices."""
        self.round_id.choices = [
            SelectChoice(value=round_.id, label=f"{round_.track.title}, {lower_first(round_.title)}")
            for round_ in rounds
        ]
        self.judges.choices = [SelectChoice(value=judge.id, label=judge.full_name) for judge in judges]

    def suggest(self, round_: Round | None) -> None:
        """Choose a round and what its rules ask."""
        if round_ is None:
            return
        self.round_id.data = round_.id
        rules = round_.rules
        if isinstance(rules, EssayParams | PhotoParams):
            self.per_entry.data = rules.judges

    def rubric(self) -> list[NewCriterion]:
        """The rows that were filled in."""
        return [
            NewCriterion(
                title=row.form.title.data or "",
                description=row.form.description.data or "",
                weight=row.form.weight.data or 0,
            )
            for row in self.criteria
            if row.form.title.data or row.form.weight.data
        ]

    def validate_criteria(self, field: FieldList) -> None:
        """Every row whole, and all together 100."""
        rows = self.rubric()
        if any(not row.title or not row.weight for row in rows):
            raise ValidationError("Mỗi tiêu chí cần cả tên và điểm tối đa.")
        if not weights_are_whole([row.weight for row in rows]):
            raise ValidationError(f"Tổng điểm tối đa phải bằng 100, hiện là {sum(row.weight for row in rows)}.")

    def validate_judges(self, field: SelectMultipleField) -> None:
        """Enough judges for each entry."""
        wanted = self.per_entry.data or 1
        if len(field.data or ()) < wanted:
            raise ValidationError(f"Hội đồng cần ít nhất {wanted} giám khảo.")


class PrizeRow(Row):
    """One prize; a row without a name is no row."""

    name = StringField("Mức giải", validators=[Length(max=60, message="Tên giải dài quá 60 ký tự.")])
    places = WholeField(
        "Số giải",
        validators=[Optional(), NumberRange(min=0, max=MOST_PLACES, message=f"Số giải từ 0 đến {MOST_PLACES}.")],
    )
    amount = DongField(
        "Tiền thưởng (đồng)",
        validators=[Optional(), NumberRange(min=0, max=DEAREST, message="Tiền thưởng từ 0 đến 1 tỷ đồng.")],
    )


class PrizesForm(Form):
    """A round's prize table, highest first."""

    prizes = NumberedRows(FormField(PrizeRow), min_entries=PRIZES, max_entries=12)
    reason = reason_field()

    def show(self, prizes: Sequence[Prize]) -> None:
        """Fill in the table that holds now, with room below."""
        while self.prizes.entries:
            self.prizes.pop_entry()
        for prize in prizes:
            self.prizes.append_entry({"name": prize.name, "places": prize.places, "amount": prize.amount})
        while len(self.prizes) < max(PRIZES, min(12, len(prizes) + 1)):
            self.prizes.append_entry()

    def table(self) -> list[NewPrize]:
        """The rows that were filled in."""
        return [
            NewPrize(name=row.form.name.data, places=row.form.places.data or 0, amount=row.form.amount.data or 0)
            for row in self.prizes
            if row.form.name.data
        ]

    def validate_prizes(self, field: FieldList) -> None:
        """At least one prize, and none without a name."""
        if any(not row.form.name.data and (row.form.places.data or row.form.amount.data) for row in field):
            raise ValidationError("Mỗi mức giải cần có tên.")
        if not self.table():
            raise ValidationError("Cơ cấu giải cần ít nhất một mức.")
