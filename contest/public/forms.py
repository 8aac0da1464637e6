"""The shape of what visitors send to the public pages; used by the routes of this room only."""

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from contest.core.forms import Form, MustBeTicked
from contest.core.number_fields import WholeField


class StyleSampleForm(Form):
    """One field of every kind, for the page of styles; nothing that it receives is kept."""

    full_name = StringField("Họ và tên", [InputRequired("Nhập họ và tên"), Length(max=120)])
    phone = TelField("Số điện thoại", [Regexp(r"\A0\d{9}\Z", message="Nhập số điện thoại gồm 10 chữ số")])
    unit = SelectField(
        "Đơn vị",
        [InputRequired("Chọn đơn vị của bạn")],
        choices=[
            SelectChoice("", "Chọn huyện, thị xã, thành phố"),
            SelectChoice("1", "Huyện mẫu thứ nhất"),
            SelectChoice("2", "Thị xã mẫu thứ hai"),
        ],
    )
    born = DateField("Ngày sinh", [Optional()])
    password = PasswordField("Mật khẩu", [InputRequired("Đặt mật khẩu")])
    prediction = WholeField("Câu hỏi dự đoán", [InputRequired("Nhập một số")])
    about = TextAreaField("Nội dung", [Optional(), Length(max=2000)])
    kind = RadioField(
        "Cách dự thi",
        [InputRequired("Chọn một cách dự thi")],
        choices=[SelectChoice("alone", "Cá nhân"), SelectChoice("group", "Nhóm tác giả, đến 5 người")],
    )
    picture = FileField("Ảnh dự thi")
    consent = BooleanField(
        "Tôi đồng ý cho Ban Tổ chức dùng họ tên, số điện thoại và đơn vị để tổ chức cuộc thi.",
        [MustBeTicked("Đánh dấu đồng ý để đăng ký")],
    )
