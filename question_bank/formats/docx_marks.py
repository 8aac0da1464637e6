"""The key of a question as emphasis shows it, where no words do; the .docx reader asks it for each such question."""

from collections import Counter

from question_bank.formats.word_paste_body import Body
from question_bank.formats.word_paste_choices import LETTERS

_WHOLE = 0.9
_NAMES = {
    "bold": "in đậm",
    "italic": "in nghiêng",
    "underline": "gạch chân",
    "colour": "chữ màu",
    "highlight": "tô nền",
    "shading": "tô nền",
}


class Marks:
    """Tells keys from emphasis and remembers by which, for people to look again."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()

    def judge(self, body: Body, *, told: bool = False) -> tuple[frozenset[int], str]:
        """The one choice set apart from the others, or why none can be told; with `told` the key is known by words, and this one not used."""
        found = {kind: places for kind in _kinds(body) if (places := _apart(body, kind))}
        if strong := {kind: places for kind, places in found.items() if kind != "italic"}:
            found = strong
        if not found:
            return frozenset(), (
                "không thấy đáp án: không có dòng “Đáp án” và không có đúng một phương án nào được in đậm, gạch chân, "
                "đổi màu hoặc tô nền."
            )
        kinds = set(found.values())
        if len(kinds) > 1 or len(next(iter(kinds))) > 1:
            shown = "; ".join(
                f"{_name(kind)} ở {', '.join(LETTERS[place] for place in sorted(places))}"
                for kind, places in found.items()
            )
            return frozenset(), f"cách đánh dấu đáp án không rõ: {shown}. Hãy thêm dòng “Đáp án: …”."
        if not told:
            self.used.update({_name(kind) for kind in found})
        return next(iter(kinds)), ""

    def remarks(self) -> list[str]:
        """How many keys were told by which emphasis."""
        return [f"Đáp án của {count} câu được nhận theo {name}. Hãy xem lại." for name, count in self.used.items()]


def _kinds(body: Body) -> list[str]:
    start = body.labels[0].start
    return list(dict.fromkeys(kind for _, end, kind in body.marks if end > start))


def _apart(body: Body, kind: str) -> frozenset[int]:
    """The choices whose words, else whose letters, carry the emphasis while others do not."""
    spans = [(start, end) for start, end, mark in body.marks if mark == kind]
    words = frozenset(
        place for place, piece in enumerate(body.choices) if _covered(body.text, spans, piece.start, piece.end)
    )
    if 0 < len(words) < len(body.choices):
        return words
    letters = frozenset(
        place for place, label in enumerate(body.labels) if _covered(body.text, spans, label.start, label.end)
    )
    return letters if 0 < len(letters) < len(body.choices) else frozenset()


def _covered(text: str, spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether nearly every letter between two places lies in one of the spans."""
    whole = sum(char.isalnum() for char in text[start:end])
    within = sum(
        char.isalnum()
        for first, last in spans
        if first < end and last > start
        for char in text[max(first, start) : min(last, end)]
    )
    return whole > 0 and within >= _WHOLE * whole


def _name(kind: str) -> str:
    return _NAMES[kind.partition(" ")[0]]
