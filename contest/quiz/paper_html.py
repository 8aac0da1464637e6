"""The HTML of a paper, put together from pieces that the templates' macros render once in a process; the sitting's page calls it.

At the opening of a round everybody's page is drawn in the same minute, and what a question looks like depends on nothing but its version.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from contest.quiz.queries.papers import FrozenBank, FrozenQuestion
from question_bank import answers as codes
from question_bank.schema import LETTERS

# Control characters, which no text of a question can hold, stand for what differs from paper to paper.
_NUMBER, _POSITION, _MARKED, _OPTIONS = "\x01", "\x02", "\x03", "\x04"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A question before and after its options; `options[place][original][ticked]` is a choice where a paper may show it."""

    before: str
    options: tuple[tuple[tuple[str, str], ...], ...]
    after: str


def questions_html(bank: FrozenBank, seed: int, *, answers: str, marked: str) -> Markup:
    """The questions of the paper of that seed, with what is answered and marked."""
    found = []
    for position, item in enumerate(bank.paper(seed).items):
        pieces = _pieces(bank.questions[item.key])
        ticked = codes.chosen(answers[position])
        options = [
            pieces.options[place][original][original in ticked] for place, original in enumerate(item.choice_order)
        ]
        mark = " checked" if marked[position : position + 1] == "1" else ""
        found.append(
            "".join((pieces.before, *options, pieces.after))
            .replace(_NUMBER, str(position + 1))
            .replace(_POSITION, str(position))
            .replace(_MARKED, mark)
        )
    return Markup("".join(found))  # nosec B704: every piece was escaped by the template that made it.


@lru_cache(maxsize=256)
def navigator_html(answers: str, marked: str) -> Markup:
    """The list of question numbers on the paper itself; a fresh paper's is the same for everybody."""
    macro = current_app.jinja_env.get_template("quiz/_navigator.html").module
    return macro.navigator(answers, marked)  # type: ignore[attr-defined, no-any-return]


@lru_cache(maxsize=4096)
def _pieces(question: FrozenQuestion) -> Pieces:
    macros = current_app.jinja_env.get_template("quiz/_question.html").module
    step = macros.question_step(question, _NUMBER, _POSITION, _OPTIONS, _MARKED)  # type: ignore[attr-defined]
    before, _, after = step.partition(_OPTIONS)
    option = macros.option  # type: ignore[attr-defined]
    options = tuple(
        tuple(
            (
                str(option(question.multiple, _POSITION, codes.char((original,)), letter, text, False)),
                str(option(question.multiple, _POSITION, codes.char((original,)), letter, text, True)),
            )
            for original, text in enumerate(question.choices)
        )
        for letter in LETTERS[: len(question.choices)]
    )
    return Pieces(str(before), options, str(after))
