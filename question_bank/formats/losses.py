"""What a file format cannot carry of a question, told before a bank is written; `formats.losses` gathers it."""

from dataclasses import dataclass

from question_bank.schema import Question


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing lost: `field` is a field of Question, or one of three words of wider sense.

    "lines" are line ends inside texts, "spaces" are white space and unseen signs, "question" is all of it.
    """

    field: str
    message: str


PICTURE = Loss("picture", "Hình của câu không được ghi vào tệp.")


def nothing(question: Question) -> tuple[Loss, ...]:
    """The losses of a format that carries everything: only a question without a key cannot be read back."""
    if question.key:
        return ()
    return (Loss("question", "Câu chưa có đáp án đúng nên không nhập lại được từ tệp ghi ra."),)


def but_pictures(question: Question) -> tuple[Loss, ...]:
    """The losses of a format that carries everything but pictures."""
    return nothing(question) or ((PICTURE,) if question.picture is not None else ())
