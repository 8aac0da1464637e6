"""What a question's own words and marks tell of its key, each said once; `word_paste` weighs them."""

from collections.abc import Sequence

from question_bank.formats import word_paste_keys as keys
from question_bank.formats.word_paste_body import Body, Refused
from question_bank.formats.word_paste_choices import BULLETS, CHECKS, LETTERS
from question_bank.formats.word_paste_lines import tidy
from question_bank.formats.word_paste_shapes import Block, Field
from question_bank.schema import Problem


def marked_by(body: Body) -> tuple[list[str], frozenset[int]]:
    """The words of the choices without what marks them right, and which are so marked."""
    told = [keys.verdict(piece.text) for piece in body.choices]
    right = {place for place, (_, verdict) in enumerate(told) if verdict}
    checked = {place for place, label in enumerate(body.labels) if set(label.mark) & set(CHECKS)}
    pointed = {place for place, label in enumerate(body.labels) if set(label.mark) & set(BULLETS)}
    texts = [
        text if verdict is not False or right else piece.text
        for (text, verdict), piece in zip(told, body.choices, strict=True)
    ]
    if right and checked and len(checked) < len(texts) > len(right) and right != checked:
        raise Refused("các dấu đánh ở phương án không thống nhất, nên không biết phương án nào đúng.")
    if len(right) < len(texts) and right:
        return texts, frozenset(right)
    if checked and len(checked) < len(texts):
        return texts, frozenset(checked)
    return texts, frozenset(pointed) if len(pointed) == 1 else frozenset()


def told_by(block: Block, field: Field, texts: Sequence[str], notes: list[Problem] | None = None) -> frozenset[int]:
    """The places that a line about the key tells, by letters or by the words of a choice."""
    value = tidy(field.text)
    same = [place for place, text in enumerate(texts) if keys.same_words(text, value)]
    told = keys.stated(value)
    if (told is None or told[1]) and len(same) == 1:
        return frozenset(same)
    if told is None and (joined := keys.letters(value)) is not None:
        told = joined, ""
    if told is not None and len(value.strip(" .()[]“”")) > 1 and same:
        other = LETTERS[same[0]]
        raise Refused(
            f"đáp án “{value}” là chữ của phương án đúng hay là lời của phương án {other}? Hãy ghi chữ.", field.line
        )
    if told is None:
        shown = value if len(value) <= 60 else value[:60] + "…"
        raise Refused(f"không hiểu đáp án “{shown}”. Hãy ghi chữ của phương án đúng, như “Đáp án: B”.", field.line)
    places = places_of(block, field.line, told, texts)
    if told[1] and len(places) == 1:
        _must_match(field.line, told[1], texts[min(places)], LETTERS[min(places)], notes)
    return places


def _must_match(line: int, said: str, text: str, letter: str, notes: list[Problem] | None) -> None:
    """A key that repeats its choice must repeat that choice; remarks after its words are told."""
    one, other = keys.words(said), keys.words(text)
    if one == other:
        return
    if one.startswith(other) or other.startswith(one):
        if notes is not None:
            notes.append(Problem(line, "Dòng đáp án và phương án có chỗ ghi thêm. Hãy xem lại câu này.", kept=True))
        return
    shown = said if len(said) <= 60 else said[:60] + "…"
    raise Refused(f"đáp án ghi “{letter}. {shown}” nhưng nội dung phương án {letter} khác thế.", line)


def places_of(block: Block, line: int, told: tuple[frozenset[str], str] | None, texts: Sequence[str]) -> frozenset[int]:
    places = frozenset(LETTERS.index(letter) for letter in told[0]) if told else frozenset[int]()
    beyond = sorted(place for place in places if place >= len(texts))
    if beyond:
        raise Refused(f"đáp án là {LETTERS[beyond[0]]} nhưng câu hỏi chỉ có {len(texts)} phương án.", line)
    return places
