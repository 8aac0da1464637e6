"""Forms of the photo room."""

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from contest.contests.rules import PhotoParams
from contest.core.forms import Form, MustBeTicked
from contest.photo.queries import Work
from contest.photo.rules import CAPTION_LONGEST, TITLE_LONGEST
from contest.photo.service import Words


class UploadForm(Form):
    """One or several photographs."""

    photos = MultipleFileField("Chọn ảnh từ máy")


class WordsForm(Form):
    """The words of a draft. It asks for nothing: a draft may be saved unfinished."""

    title = StringField(
        "Tên tác phẩm",
        validators=[Length(max=TITLE_LONGEST, message=f"Tên tác phẩm dài tối đa {TITLE_LONGEST} ký tự.")],
    )
    theme = SelectField("Chủ đề", validate_choice=False)
    caption = TextAreaField(
        "Chú thích",
        validators=[Length(max=CAPTION_LONGEST, message="Chú thích quá dài. Bạn rút gọn lại.")],
    )

    @classmethod
    def of(cls, work: Work, params: PhotoParams) -> "WordsForm":
        """The form of a work: filled from what was posted, else from what is kept."""
        form = cls(title=work.entry.title, theme=work.entry.theme, caption=work.photo.caption)
        form.theme.choices = [("", "Chọn chủ đề"), *((theme, theme) for theme in params.themes)]
        return form

    @property
    def words(self) -> Words:
        """What was typed."""
        return Words(self.title.data or "", self.theme.data or "", self.caption.data or "")

    def validate_theme(self, field: SelectField) -> None:
        """A theme of the round, or none yet."""
        if field.data and field.data not in dict(self.theme.choices):
            raise ValidationError("Bạn chọn một chủ đề trong danh sách.")


class HandInForm(WordsForm):
    """The words, and the declarations; these are never ticked beforehand."""

    own_work = BooleanField(
        "Tôi là người chụp tấm ảnh này; ảnh không cắt ghép, không do máy tạo ra.",
        validators=[MustBeTicked("Bạn cần cam kết ảnh do chính mình chụp.")],
    )
    unpublished = BooleanField(
        "Ảnh chưa đăng ở đâu và chưa dự cuộc thi nào khác; người trong ảnh đồng ý cho tôi gửi.",
        validators=[MustBeTicked("Bạn cần cam kết ảnh chưa đăng ở đâu và người trong ảnh đồng ý.")],
    )
