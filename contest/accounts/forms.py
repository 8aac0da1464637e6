"""What people type on the account pages: read, tidied, checked; only the routes of this room use them."""

from datetime import date
from typing import Any

from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length, Optional, ValidationError

from contest.accounts import contacts, rules
from contest.accounts.rules import Asked
from contest.accounts.service import Agreed, Identity
from contest.core import clock, display, vietnamese
from contest.core.forms import Form, MustBeTicked
from contest.units import queries as units

_NO_CHOICE = SelectChoice("", "Chọn…")


def today() -> date:
    """The day in Vietnam, on which ages are counted and units exist."""
    return display.vietnam_time(clock.now()).date()


def _new_password() -> list[Any]:
    return [
        InputRequired("Bạn đặt một mật khẩu."),
        Length(
            min=rules.PASSWORD_SHORTEST,
            max=rules.PASSWORD_LONGEST,
            message="Mật khẩu cần từ 8 đến 200 ký tự.",
        ),
    ]


class SignInForm(Form):
    """Phone or e-mail, and password."""

    identifier = StringField(
        "Số điện thoại hoặc thư điện tử",
        [InputRequired("Bạn nhập số điện thoại hoặc thư điện tử."), Length(max=254, message="Nội dung này dài quá.")],
    )
    password = PasswordField(
        "Mật khẩu",
        [
            InputRequired("Bạn nhập mật khẩu."),
            Length(max=rules.PASSWORD_LONGEST, message="Mật khẩu dài nhất 200 ký tự."),
        ],
    )


class NewPasswordForm(Form):
    """The present password, and the new one twice."""

    present = PasswordField(
        "Mật khẩu hiện tại",
        [InputRequired("Bạn nhập mật khẩu hiện tại."), Length(max=rules.PASSWORD_LONGEST, message="Mật khẩu dài quá.")],
    )
    password = PasswordField("Mật khẩu mới", _new_password(), description="Ít nhất 8 ký tự.")
    again = PasswordField(
        "Nhập lại mật khẩu mới",
        [
            InputRequired("Bạn nhập lại mật khẩu mới."),
            EqualTo("password", "Hai lần nhập mật khẩu mới chưa giống nhau."),
        ],
    )


class DeletionForm(Form):
    """The present password, and a box that says it is meant."""

    present = PasswordField(
        "Mật khẩu hiện tại",
        [InputRequired("Bạn nhập mật khẩu hiện tại."), Length(max=rules.PASSWORD_LONGEST, message="Mật khẩu dài quá.")],
    )
    sure = BooleanField("Tôi hiểu rằng tài khoản sẽ mất hẳn", [MustBeTicked("Bạn đánh dấu để xác nhận.")])


class IdentityForm(Form):
    """What the contest asks of a person; what it does not ask is not on the form."""

    full_name = StringField(
        "Họ và tên", [InputRequired("Bạn nhập họ và tên."), Length(max=100, message="Họ và tên dài nhất 100 ký tự.")]
    )
    birth_date = StringField(
        "Ngày sinh",
        [InputRequired("Bạn nhập ngày sinh.")],
        description="Ngày/tháng/năm, ví dụ 04/03/1985.",
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
        description="Nơi ở, hoặc cơ quan trực thuộc mà bạn tham gia. Gõ vài chữ, có dấu hay không đều được.",
        validate_choice=False,
    )
    address = StringField(
        "Địa chỉ", [InputRequired("Bạn nhập địa chỉ."), Length(max=200, message="Địa chỉ dài nhất 200 ký tự.")]
    )
    workplace = StringField(
        "Nơi công tác, học tập",
        [Optional(), Length(max=200, message="Nơi công tác dài nhất 200 ký tự.")],
    )
    guardian_name = StringField(
        "Họ tên cha, mẹ hoặc người giám hộ", [Optional(), Length(max=100, message="Họ tên dài nhất 100 ký tự.")]
    )
    guardian_phone = StringField("Số điện thoại của người giám hộ", [Optional()])

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
    def needs_guardian(self) -> bool:
        """True when the day of birth given says that a guardian must agree."""
        return self.born is not None and rules.age_on(self.born, today()) < self.asked.guardian_age

    def validate_full_name(self, field: StringField) -> None:
        _must_be_name(field.data)

    def validate_birth_date(self, field: StringField) -> None:
        try:
            born = display.parse_vn_date(field.data or "")
        except ValueError:
            raise ValidationError("Ngày sinh ghi theo ngày/tháng/năm, ví dụ 04/03/1985.") from None
        age = rules.age_on(born, today())
        if not 0 <= age <= 120:
            raise ValidationError("Bạn xem lại năm sinh.")
        if age < self.asked.min_age:
            raise ValidationError(f"Cuộc thi dành cho người từ đủ {self.asked.min_age} tuổi.")
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
        elif not name.errors and not rules.is_name(vietnamese.tidy_name(name.data)):
            name.errors = ["Họ tên người giám hộ chỉ gồm chữ cái."]
        if not contacts.phone(phone.data or ""):
            phone.errors = ["Bạn nhập số điện thoại của người giám hộ."]
        return not name.errors and not phone.errors

    def identity(self) -> Identity:
        """What was said, tidied; call it after the form has been found right."""
        said = {
            name: (self[name].data or "") if name in self else ""
            for name in ("sex", "occupation", "address", "workplace")
        }
        guardian = self.needs_guardian
        return Identity(
            full_name=vietnamese.tidy_name(self.full_name.data),
            birth_date=self.born,
            unit_id=int(self.unit.data) if "unit" in self else None,
            guardian_name=vietnamese.tidy_name(self.guardian_name.data) if guardian else "",
            guardian_phone=(contacts.phone(self.guardian_phone.data) or "") if guardian else "",
            **said,
        )


class RegisterForm(IdentityForm):
    """Identity, how to sign in, and consent."""

    phone = StringField("Số điện thoại")
    email = StringField("Thư điện tử", [Optional()])
    password = PasswordField(
        "Mật khẩu", _new_password(), description="Ít nhất 8 ký tự. Một câu ngắn dễ nhớ là tốt nhất."
    )
    consent = BooleanField(
        "Tôi đã đọc và đồng ý với nội dung trên", [MustBeTicked("Cần có sự đồng ý của bạn để tổ chức được cuộc thi.")]
    )
    guardian_consent = BooleanField("Người giám hộ đã đọc và đồng ý với nội dung trên")

    def __init__(self, asked: Asked, *args: Any, **kwargs: Any) -> None:
        super().__init__(asked, *args, **kwargs)
        self.consent_words = rules.consent_text(asked).split("\n")
        if "birth_date" in self:
            self.guardian_words = rules.consent_text(asked, guardian=True).split("\n")
        else:
            del self["guardian_consent"]

    def validate_phone(self, field: StringField) -> None:
        if field.data and not contacts.phone(field.data):
            raise ValidationError("Số điện thoại chưa đúng. Ví dụ: 0912 345 678.")

    def validate_email(self, field: StringField) -> None:
        if field.data and not contacts.email(field.data):
            raise ValidationError("Thư điện tử chưa đúng. Ví dụ: ten@example.vn.")

    def validate(self, extra_validators: Any = None) -> bool:
        """As for identity; and one way to sign in, and the guardian's consent where the age asks for it."""
        right = super().validate(extra_validators)
        if not self.phone.data and not self.email.data:
            self.phone.errors = ["Bạn nhập số điện thoại, hoặc thư điện tử ở ô dưới."]
            right = False
        if self.needs_guardian and not self.guardian_consent.data:
            self.guardian_consent.errors = ["Cần có sự đồng ý của người giám hộ."]
            right = False
        return right

    @property
    def kept_phone(self) -> str | None:
        """The phone as the tables keep it."""
        return contacts.phone(self.phone.data or "")

    @property
    def kept_email(self) -> str | None:
        """The e-mail as the tables keep it."""
        return contacts.email(self.email.data or "")

    def agreed(self) -> tuple[Agreed, ...]:
        """The consents given, with the words that stood beside the boxes."""
        own = Agreed(rules.CONSENT_TO_TAKE_PART, rules.consent_text(self.asked))
        if not self.needs_guardian:
            return (own,)
        return own, Agreed(rules.CONSENT_OF_GUARDIAN, rules.consent_text(self.asked, guardian=True), by_guardian=True)


def _unit_choices() -> list[SelectChoice]:
    chosen = [
        SelectChoice(str(unit_id), name, optgroup=group.label)
        for group in units.choices(today())
        for unit_id, name in group.units
    ]
    return [_NO_CHOICE, *chosen]


def _must_be_name(text: str) -> None:
    if not rules.is_name(vietnamese.tidy_name(text or "")):
        raise ValidationError("Họ và tên chỉ gồm chữ cái, viết như trong giấy tờ.")


def _must_be_one_of(text: str, words: tuple[str, ...]) -> None:
    if text not in words:
        raise ValidationError("Bạn chọn một mục trong danh sách.")
