"""What is typed to set another password, or to confirm by the present one."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from contest.accounts import rules, weak_passwords
from contest.core.forms import Form, MustBeTicked

MISSING = "Bạn đặt một mật khẩu."


class NewPasswordForm(Form):
    """The present password, and the new one twice; `own` are the words about the person that it may not be."""

    present = PasswordField(
        "Mật khẩu hiện tại",
        [InputRequired("Bạn nhập mật khẩu hiện tại."), Length(max=rules.PASSWORD_LONGEST, message="Mật khẩu dài quá.")],
    )
    password = PasswordField("Mật khẩu mới", [InputRequired(MISSING)], description="Ít nhất 8 ký tự.")
    again = PasswordField(
        "Nhập lại mật khẩu mới",
        [
            InputRequired("Bạn nhập lại mật khẩu mới."),
            EqualTo("password", "Hai lần nhập mật khẩu mới chưa giống nhau."),
        ],
    )

    def __init__(self, own: Iterable[str] = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = own

    def validate_password(self, field: PasswordField) -> None:
        must_be_strong(field.data, self._own)


class RecoveryForm(Form):
    """Who, the one-time code from the organiser, and the new password twice; what is known of the person is asked once the code was right."""

    identifier = StringField(
        "Số điện thoại hoặc thư điện tử",
        [InputRequired("Bạn nhập số điện thoại hoặc thư điện tử."), Length(max=254, message="Nội dung này dài quá.")],
    )
    code = StringField(
        "Mã một lần",
        [InputRequired("Bạn nhập mã một lần."), Length(max=20, message="Mã gồm 8 chữ số.")],
        description="8 chữ số mà cán bộ Ban Tổ chức đọc cho bạn.",
    )
    password = PasswordField("Mật khẩu mới", [InputRequired(MISSING)], description="Ít nhất 8 ký tự.")
    again = PasswordField(
        "Nhập lại mật khẩu mới",
        [
            InputRequired("Bạn nhập lại mật khẩu mới."),
            EqualTo("password", "Hai lần nhập mật khẩu mới chưa giống nhau."),
        ],
    )

    def validate_password(self, field: PasswordField) -> None:
        must_be_strong(field.data)


class DeletionForm(Form):
    """The present password, and a box that says it is meant."""

    present = PasswordField(
        "Mật khẩu hiện tại",
        [InputRequired("Bạn nhập mật khẩu hiện tại."), Length(max=rules.PASSWORD_LONGEST, message="Mật khẩu dài quá.")],
    )
    sure = BooleanField("Tôi hiểu rằng tài khoản sẽ mất hẳn", [MustBeTicked("Bạn đánh dấu để xác nhận.")])


def must_be_strong(password: str, own: Iterable[str] = ()) -> None:
    """Raise ValidationError with what keeps this from being a password."""
    wrong = weak_passwords.fault(password or "", own)
    if wrong:
        raise ValidationError(wrong)
