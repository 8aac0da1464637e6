"""A question as the organisers hold it in their hands, before it becomes a version: the desk makes drafts, the bank's use cases keep them."""

from dataclasses import dataclass, replace

from contest.quiz.models import QuestionVersion
from question_bank import checks
from question_bank.schema import Choice, Difficulty, Source
from question_bank.schema import Picture as BankPicture
from question_bank.schema import Question as BankQuestion

WORDLESS = "Hình chưa có mô tả bằng lời"


@dataclass(frozen=True)
class Picture:
    """A picture in storage, and the words for whoever cannot see it."""

    address: str
    alt: str
    width: int
    height: int

    def worded(self) -> "Picture":
        """The picture with words, which no version may lack: those that say they are lacking, until a person writes them."""
        return self if self.alt else replace(self, alt=WORDLESS)


@dataclass(frozen=True)
class Draft:
    """What a version holds: the question, a note that only organisers see, and a picture."""

    question: BankQuestion
    note: str = ""
    picture: Picture | None = None

    def pinned(self) -> "Draft":
        """The draft with its choices pinned where their words ask for it."""
        return replace(self, question=checks.pin(self.question))

    def compared(self) -> BankQuestion:
        """The question as checks compare it with others: where its picture lies stands for the picture's bytes."""
        if self.picture is None:
            return self.question
        alt = "" if self.picture.alt == WORDLESS else self.picture.alt
        return replace(self.question, picture=BankPicture(self.picture.address.encode(), alt))


def draft_of(version: QuestionVersion, code: str = "") -> Draft:
    """The draft that would make this version again; raises nothing, since every version began as a sound question."""
    feedbacks = [*version.feedbacks, *[""] * len(version.choices)]
    question = BankQuestion(
        stem=version.stem,
        choices=tuple(
            Choice(text, bool(version.key >> place & 1), feedbacks[place]) for place, text in enumerate(version.choices)
        ),
        chapter=version.chapter,
        difficulty=Difficulty(version.difficulty),
        source=Source(version.source, version.locator) if version.source else None,
        tags=tuple(version.tags),
        pinned=version.pinned,
        code=code,
        feedback=version.feedback,
    )
    return Draft(question, version.note, picture_of(version))


def picture_of(version: QuestionVersion) -> Picture | None:
    """The version's picture, if it has one."""
    if version.picture is None:
        return None
    return Picture(version.picture, version.picture_alt, version.picture_width or 1, version.picture_height or 1)
