"""Forms of the question bank's pages: files and pasted text, and one question under an editor's hands."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, ValidationError

from contest.backoffice.bank_look import MOST_FILES
from contest.backoffice.forms import NumberedRows, reason_field
from contest.core.forms import Form, clean_line
from contest.core.forms import Row as FormRow
from contest.core.number_fields import WholeField
from contest.quiz.drafts import Draft, Picture
from question_bank.schema import (
    MAX_CHOICE,
    MAX_CHOICES,
    MAX_FEEDBACK,
    MAX_STEM,
    MIN_CHOICES,
    Choice,
    Difficulty,
    Question,
    QuestionError,
    Source,
)

USUAL_CHOICES = 4
LONGEST_PASTE = 1_500_000
_LABEL = 200
_CODE = 60


class ImportForm(Form):
    """Files of questions, or text pasted from Word, to look at before anything is kept."""

    file = MultipleFileField("Tệp câu hỏi")
    pasted = TextAreaField(
        "Dán nội dung câu hỏi",
        description="Dán từ Word: mỗi câu gồm nội dung, các phương án A, B, C, D và đáp án.",
        validators=[Length(max=LONGEST_PASTE, message="Nội dung dán quá dài. Bạn gửi bằng tệp.")],
    )

    def validate_file(self, field: MultipleFileField) -> None:
        """At least one file or some text, and not too many files."""
        field.data = [file for file in field.data or () if file and file.filename]
        if not field.data and not (self.pasted.data or "").strip():
            raise ValidationError("Bạn chọn tệp câu hỏi hoặc dán nội dung vào ô bên dưới.")
        if len(field.data) > MOST_FILES:
            raise ValidationError(f"Mỗi lần gửi nhiều nhất {MOST_FILES} tệp.")


class ChoiceRow(FormRow):
    """One choice."""

    text = TextAreaField("Phương án", validators=[Length(max=MAX_CHOICE, message="Phương án quá dài.")])
    correct = BooleanField("Đáp án đúng")
    feedback = TextAreaField(
        "Giải thích riêng", validators=[Optional(), Length(max=MAX_FEEDBACK, message="Giải thích quá dài.")]
    )


@dataclass(frozen=True)
class Row:
    """A choice as the form holds it."""

    text: str = ""
    correct: bool = False
    feedback: str = ""


class QuestionForm(Form):
    """A question being written; `base` is the number of the version that was opened, `held_picture` a signed picture."""

    stem = TextAreaField(
        "Nội dung câu hỏi", validators=[Length(max=MAX_STEM, message=f"Nội dung dài quá {MAX_STEM} ký tự.")]
    )
    choices = NumberedRows(FormField(ChoiceRow), min_entries=MIN_CHOICES, max_entries=MAX_CHOICES)
    pinned = BooleanField("Giữ nguyên thứ tự phương án")
    chapter = StringField("Chương", validators=[Length(max=_LABEL, message="Tên chương quá dài.")])
    difficulty = SelectField(
        "Độ khó",
        coerce=int,
        choices=[SelectChoice(value=level.value, label=level.label) for level in Difficulty],
        default=Difficulty.MEDIUM.value,
    )
    tags = StringField(
        "Nhãn",
        description="Cách nhau bằng dấu phẩy.",
        validators=[Length(max=1_000, message="Danh sách nhãn quá dài.")],
    )
    source = StringField("Tài liệu nguồn", validators=[Length(max=300, message="Tên tài liệu quá dài.")])
    locator = StringField("Vị trí trong nguồn", validators=[Length(max=300, message="Vị trí quá dài.")])
    feedback = TextAreaField(
        "Giải thích đáp án",
        description="Người dự thi thấy cùng đáp án, khi thể lệ cho xem.",
        validators=[Length(max=MAX_FEEDBACK, message="Giải thích quá dài.")],
    )
    note = TextAreaField(
        "Ghi chú nội bộ",
        description="Chỉ Ban Tổ chức thấy.",
        validators=[Length(max=2_000, message="Ghi chú dài quá 2000 ký tự.")],
    )
    picture = FileField("Hình của câu hỏi")
    picture_alt = StringField(
        "Mô tả hình bằng lời",
        description="Bắt buộc khi có hình: người không nhìn thấy hình vẫn phải trả lời được.",
        validators=[Length(max=500, message="Mô tả dài quá 500 ký tự.")],
    )
    drop_picture = BooleanField("Bỏ hình này")
    held_picture = HiddenField()
    base = WholeField(validators=[Optional()])
    code = StringField(
        "Mã câu hỏi",
        description="Để trống thì hệ thống đặt mã.",
        validators=[Length(max=_CODE, message=f"Mã dài quá {_CODE} ký tự.")],
    )
    reason = reason_field()

    def is_blank(self) -> bool:
        """Whether neither words nor a picture of the question were given yet; what classifies it does not count."""
        texts = [self.stem.data, self.feedback.data, self.held_picture.data]
        texts += [text for row in self.rows() for text in (row.text, row.feedback)]
        return not any(text and text.strip() for text in texts)

    def rows(self) -> list[Row]:
        """The choices as they stand in the form, blank ones too."""
        return [
            Row(row.form.text.data or "", bool(row.form.correct.data), row.form.feedback.data or "")
            for row in self.choices
        ]

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Put these choices into the form, at least two."""
        while self.choices.entries:
            self.choices.pop_entry()
        self.choices.last_index = -1
        for row in [*rows, *[Row()] * (MIN_CHOICES - len(rows))][:MAX_CHOICES]:
            self.choices.append_entry({"text": row.text, "correct": row.correct, "feedback": row.feedback})

    def show(self, draft: Draft) -> None:
        """Fill the form with a question."""
        held = draft.question
        self.stem.data, self.chapter.data, self.difficulty.data = held.stem, held.chapter, int(held.difficulty)
        self.tags.data, self.pinned.data, self.code.data = ", ".join(held.tags), held.pinned, held.code
        self.source.data, self.locator.data = (held.source.document, held.source.locator) if held.source else ("", "")
        self.feedback.data, self.note.data = held.feedback, draft.note
        self.picture_alt.data = draft.picture.alt if draft.picture else ""
        self.show_rows([Row(choice.text, choice.correct, choice.feedback) for choice in held.choices])

    def draft(self, picture: Picture | None) -> Draft:
        """The question in the form; blank choices at the end are left out. Raises QuestionError for one that cannot stand."""
        rows = self.rows()
        while len(rows) > MIN_CHOICES and not rows[-1].text:
            rows.pop()
        source, locator = clean_line(self.source.data or ""), clean_line(self.locator.data or "")
        if locator and not source:
            raise QuestionError(["Có vị trí trong nguồn nhưng chưa có tên tài liệu nguồn."])
        if self.difficulty.data not in tuple(Difficulty):
            raise QuestionError(["Độ khó chưa đúng."])
        if picture is not None and not picture.alt:
            raise QuestionError(["Hình chưa có mô tả bằng lời."])
        question = Question(
            stem=self.stem.data or "",
            choices=tuple(Choice(row.text, row.correct, row.feedback) for row in rows),
            chapter=self.chapter.data or "",
            difficulty=Difficulty(self.difficulty.data),
            source=Source(source, locator) if source else None,
            tags=tuple(dict.fromkeys(tag for part in (self.tags.data or "").split(",") if (tag := clean_line(part)))),
            pinned=bool(self.pinned.data),
            code=self.code.data or "",
            feedback=self.feedback.data or "",
        )
        return Draft(question, (self.note.data or "").strip(), picture)
