"""What is typed to sign in."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from contest.accounts import rules
from contest.core.forms import Form


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
