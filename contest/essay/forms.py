"""Forms of the essay room, and how a save is read from a script."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from contest.contests.rules import EssayParams
from contest.core.errors import BadInput
from contest.core.forms import Form, MustBeTicked, clean, clean_line
from contest.essay.rules import SEQUENCE_LAST, TITLE_LONGEST, Draft


class DraftForm(Form):
    """The editor. It asks for nothing: a draft may be saved unfinished; the service knows what is too long."""

    sequence = HiddenField()
    theme = SelectField("Chủ đề", validate_choice=False)
    title = StringField("Tên bài", render_kw={"maxlength": TITLE_LONGEST})
    body = TextAreaField("Nội dung")

    @classmethod
    def showing(cls, draft: Draft, params: EssayParams) -> "DraftForm":
        """The editor filled with `draft`, whatever was posted."""
        form = cls(formdata=None, sequence=str(draft.sequence), theme=draft.theme, title=draft.title, body=draft.body)
        form.theme.choices = [("", "Chọn chủ đề"), *((theme, theme) for theme in params.themes)]
        return form

    def draft(self) -> Draft:
        """What was posted, cleaned."""
        return Draft(
            sequence=sequence_of(self.sequence.data),
            theme=clean_line(self.theme.data or ""),
            title=self.title.data or "",
            body=self.body.data or "",
        )


class UploadForm(Form):
    """A .docx for a draft."""

    file = FileField("Tệp bài viết")
    replace = BooleanField("Thay nội dung đang có bằng nội dung trong tệp")


class HandInForm(Form):
    """The declarations; never ticked beforehand."""

    sequence = HiddenField()
    own_work = BooleanField(
        "Tôi cam kết bài này do chính tôi viết, không sao chép của người khác.",
        validators=[MustBeTicked("Bạn cần cam kết bài do chính mình viết.")],
    )
    unpublished = BooleanField(
        "Tôi cam kết bài này chưa đăng ở đâu và chưa gửi cuộc thi nào khác.",
        validators=[MustBeTicked("Bạn cần cam kết bài chưa đăng ở đâu.")],
    )


def sequence_of(value: object) -> int:
    """A save number as it was sent; raises BadInput for anything else."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= SEQUENCE_LAST):
        raise BadInput(
            "Thiếu số thứ tự của bản lưu.", kept="Bản đã lưu trước đó vẫn còn nguyên.", todo="Bạn tải lại trang."
        )
    return int(text)


def draft_of_json(values: Any) -> tuple[Draft, str]:
    """The draft and the acknowledged leak of a script's save; raises BadInput."""
    if not isinstance(values, Mapping):
        raise BadInput()
    texts = {name: values.get(name, "") for name in ("theme", "title", "body", "acknowledge")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise BadInput()
    draft = Draft(
        sequence=sequence_of(values.get("sequence")),
        theme=clean_line(texts["theme"]),
        title=clean_line(texts["title"]),
        body=clean(texts["body"]),
    )
    return draft, clean_line(texts["acknowledge"])
