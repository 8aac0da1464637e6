"""What a person says of themselves, where the contest asks it."""

from datetime import date
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from contest.accounts import contacts, names, rules
from contest.accounts.rules import Asked
from contest.accounts.service import Identity
from contest.core import clock, display, vietnamese
from contest.core.forms import Form
from contest.units import queries as units

_NO_CHOICE = SelectChoice("", "Chọn…")


def today() -> date:
    """The day in Vietnam, on which ages are counted and units exist."""
    return display.vietnam_time(clock.now()).date()


class IdentityForm(Form):
    """What the contest asks of a person; what it does not ask is not on the form."""

    full_name = StringField(
        "Họ và tên", [InputRequired("Bạn nhập họ và tên."), Length(max=100, message="Họ và tên dài nhất 100 ký tự.")]
    )
    birth_date = StringField(
        "Ngày sinh",
        [InputRequired("Bạn nhập ngày sinh.")],
        description="Ngày/tháng/năm, ví dụ 04/03/1985 hoặc 04031985.",
    )
    sex = SelectField(
        "Giới tính",
        [InputRequired("Bạn chọn giới tính.")],
        choices=[_NO_CHOICE, *map(SelectChoice, rules.SEXES)],
        validate_choice=False,
    )
    occupation = SelectField(
        "Nghề nghiệp",
        [InputRequired("Bạn chọn nghề nghiệp.")],
        choices=[_NO_CHOICE, *map(SelectChoice, rules.OCCUPATIONS)],
        validate_choice=False,
    )
    unit = SelectField(
        "Đơn vị",
        [InputRequired("Bạn chọn đơn vị của mình.")],
        description="Nơi ở, hoặc cơ quan trực thuộc mà bạn tham gia. Gõ vài chữ, có dấu hay không đều được. Ở tỉnh khác: “Ngoài tỉnh”.",
        validate_choice=False,
    )
    address = StringField(
        "Địa chỉ", [InputRequired("Bạn nhập địa chỉ."), Length(max=200, message="Địa chỉ dài nhất 200 ký tự.")]
    )
    workplace = StringField(
        "Nơi công tác, học tập",
        [Optional(), Length(max=200, message="Nơi công tác dài nhất 200 ký tự.")],
    )
    # Not marked as optional: who has to fill them is said above them.
    guardian_name = StringField(
        "Họ tên cha, mẹ hoặc người giám hộ", [Length(max=100, message="Họ tên dài nhất 100 ký tự.")]
    )
    guardian_phone = StringField("Số điện thoại của người giám hộ")

    def __init__(self, asked: Asked, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.born: date | None = None
        for name in rules.IDENTITY_FIELDS:
            if name not in asked.fields:
                del self[name]
        if "birth_date" not in self:
            del self["guardian_name"], self["guardian_phone"]
        if "unit" in self:
            self.unit.choices = _unit_choices()

    @property
    def today(self) -> date:
        """The day on which ages are counted."""
        return today()

    @property
    def needs_guardian(self) -> bool:
        """True when the day of birth given says that a guardian must agree."""
        return self.born is not None and rules.age_on(self.born, today()) < self.asked.guardian_age

    def validate_full_name(self, field: StringField) -> None:
        wrong = _name_fault(field)
        if wrong:
            raise ValidationError(wrong)

    def validate_birth_date(self, field: StringField) -> None:
        try:
            born = display.parse_vn_date(field.data or "", last=today())
        except ValueError:
            raise ValidationError("Ngày sinh ghi theo ngày/tháng/năm, ví dụ 04/03/1985.") from None
        field.data = f"{born:%d/%m/}{born.year:04}"  # As it was read, for the page that is shown again.
        age = rules.age_on(born, today())
        if not 0 <= age <= 120:
            raise ValidationError("Bạn xem lại năm sinh.")
        if age < self.asked.min_age:
            raise ValidationError(
                f"Cuộc thi dành cho người từ đủ {self.asked.min_age} tuổi. Nếu {field.data} không phải ngày sinh của bạn, "
                "hãy ghi năm sinh đủ bốn chữ số."
            )
        self.born = born

    def validate_sex(self, field: SelectField) -> None:
        _must_be_one_of(field.data, rules.SEXES)

    def validate_occupation(self, field: SelectField) -> None:
        _must_be_one_of(field.data, rules.OCCUPATIONS)

    def validate_unit(self, field: SelectField) -> None:
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and len(text) < 12 and units.may_choose(int(text), today())):
            raise ValidationError("Bạn chọn một đơn vị trong danh sách.")

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, and a guardian where the age asks for one."""
        right: bool = super().validate(extra_validators)
        return self._guardian_is_right() and right

    def _guardian_is_right(self) -> bool:
        if not self.needs_guardian:
            return True
        name, phone = self.guardian_name, self.guardian_phone
        if not name.errors and not name.data:
            name.errors = [f"Người dưới {self.asked.guardian_age} tuổi cần họ tên của người giám hộ."]
        elif not name.errors and (wrong := _name_fault(name)):
            name.errors = [f"Người giám hộ: {display.lower_first(wrong)}"]
        if not phone.data:
            phone.errors = ["Bạn nhập số điện thoại của người giám hộ."]
        elif wrong := contacts.phone_fault(phone.data):
            phone.errors = [f"Người giám hộ: {display.lower_first(wrong)}"]
        return not name.errors and not phone.errors

    def tidied_name(self) -> str:
        """The name as it is kept. Here one changes what was kept before, so that capitals stand as they are typed."""
        return vietnamese.tidy_name(self.full_name.data or "")

    def identity(self) -> Identity:
        """What was said, tidied; call it after the form has been found right."""
        said = {
            name: (self[name].data or "") if name in self else ""
            for name in ("sex", "occupation", "address", "workplace")
        }
        guardian = self.needs_guardian
        return Identity(
            full_name=self.tidied_name(),
            birth_date=self.born,
            unit_id=int(self.unit.data) if "unit" in self else None,
            guardian_name=vietnamese.person_name(self.guardian_name.data) if guardian else "",
            guardian_phone=(contacts.phone(self.guardian_phone.data) or "") if guardian else "",
            **said,
        )


def _unit_choices() -> list[SelectChoice]:
    chosen = [
        SelectChoice(str(unit_id), name, _also(unit_id), optgroup=group.label)
        for group in units.choices(today())
        for unit_id, name in group.units
    ]
    return [_NO_CHOICE, *chosen]


def _also(unit_id: int) -> dict[str, str]:
    """The other words for a unit, for the script that finds it while one types."""
    words = units.also(unit_id)
    return {"data_also": " ".join(words)} if words else {}


def _name_fault(field: StringField) -> str:
    if any(names.unseen(typed) for typed in field.raw_data or ()):
        return names.UNSEEN
    return names.fault(vietnamese.tidy_name(field.data or ""))


def _must_be_one_of(text: str, words: tuple[str, ...]) -> None:
    if text not in words:
        raise ValidationError("Bạn chọn một mục trong danh sách.")
