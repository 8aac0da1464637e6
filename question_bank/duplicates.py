"""Questions that say the same as an earlier one, or nearly: told with what differs, for a person to decide; `checks` and the import call it.

Words are compared without accents, letter case and marks. Two stems are near when at most one word in six was changed,
added or left out. Questions that differ in one date or one name are therefore shown as near, never as duplicates.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from question_bank.findings import Finding, Kind
from question_bank.nearness import Index
from question_bank.schema import Question
from question_bank.wording import WORD, alike, bare, choice_words, differences, folded, left_out, quoted, signs

WORDS_PER_CHANGE = 6
SHORT_STEM = 5  # words; below it ("Chọn đáp án sai") stems are alike by nature
_TOLD_EVERY = 250  # questions


def find(
    questions: Sequence[Question],
    *,
    names: Sequence[str] = (),
    bank: Sequence[Question] = (),
    bank_names: Sequence[str] = (),
    progress: Callable[[int], object] | None = None,
) -> list[Finding]:
    """What repeats an earlier question of the same list or one of `bank`; at most one finding a question.

    `names` and `bank_names` are what messages call the questions, such as their codes; a list is numbered without them. `others` names only questions
    of the list. Equal words with another key are a contradiction, which is an error; all else is a warning. `progress` is told now and then how many of
    all questions, those of `bank` first, are compared.
    """
    if len(questions) + len(bank) < 2:
        return []
    called = [*(bank_names or ["đã có trong ngân hàng"] * len(bank))]
    called += names or [str(number + 1) for number in range(len(questions))]
    all_ = [_Words(question) for question in (*bank, *questions)]
    first = len(bank)
    return [
        _told(all_[other], all_[index], index - first, other - first, called[other], exact=exact)
        for index, other, exact in _pairs(all_, first, progress)
    ]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question's place in a list, that of the earlier one that it repeats, and how."""

    index: int
    other: int
    kind: Kind


def pairs(questions: Sequence[Question], progress: Callable[[int], object] | None = None) -> list[Pair]:
    """What `find` finds within one list, without the sentences, which are half of the work where very many repeat each other.

    `progress` is told now and then how many of the questions are compared.
    """
    all_ = [_Words(question) for question in questions]
    found = _pairs(all_, 0, progress)
    return [Pair(index, other, _kind(all_[other], all_[index], exact=exact)) for index, other, exact in found]


@dataclass
class _Words:
    """A question as it is compared."""

    question: Question

    @property
    def said(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """What a question says and offers, keys aside."""
        return self.folded, signs(self.question.stem), self.offered

    @property
    def same(self) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], bytes | None]:
        """What makes two questions duplicates, keys aside."""
        return self.said, self.picture

    @cached_property
    def folded(self) -> str:
        return folded(self.question.stem)

    @cached_property
    def offered(self) -> tuple[str, ...]:
        return tuple(sorted(choice_words(choice.text) for choice in self.question.choices))

    @property
    def picture(self) -> bytes | None:
        picture = self.question.picture
        return None if picture is None else picture.content

    @cached_property
    def keyed(self) -> frozenset[str]:
        return frozenset(choice_words(choice.text) for choice in self.question.choices if choice.correct)

    @property
    def answers(self) -> list[str]:
        return [choice.text for choice in self.question.choices if choice.correct]

    @cached_property
    def stem(self) -> list[str]:
        return WORD.findall(bare(self.question.stem))

    @cached_property
    def choices(self) -> frozenset[str]:
        return frozenset(" ".join(WORD.findall(bare(c.text))) or c.text for c in self.question.choices)


def _pairs(
    all_: Sequence[_Words], first: int, progress: Callable[[int], object] | None = None
) -> list[tuple[int, int, bool]]:
    """Each question from `first` on that repeats an earlier one, that one, and whether all their words are the same; in order."""
    found = {index: (other, True) for index, other in _exact(all_, first)}
    found |= {index: (other, False) for index, other in _near(all_, first, frozenset(found), progress)}
    return [(index, *found[index]) for index in sorted(found)]


def _exact(all_: Sequence[_Words], first: int) -> Iterable[tuple[int, int]]:
    """Choices are looked at only where a stem comes again."""
    stems: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(all_):
        stems[words.folded].append(index)
    for places in stems.values():
        if len(places) > 1 and places[-1] >= first:
            seen: dict[object, int] = {}
            for index in places:
                other = seen.setdefault(all_[index].same, index)
                if other != index and index >= first:
                    yield index, other


def _near(
    all_: Sequence[_Words], first: int, told: Container[int], progress: Callable[[int], object] | None
) -> Iterable[tuple[int, int]]:
    """For each question that is not told yet the nearest earlier one that is near at all."""
    index = Index([words.stem for words in all_], lambda words: _changes(words) if words >= SHORT_STEM else 0)
    if first:
        index.want(text for place, text in enumerate(index.texts) if place >= first and place not in told)
    stems: dict[str, _Stem] = defaultdict(_Stem)
    for place, (words, text) in enumerate(zip(all_, index.texts, strict=True)):
        if progress and place % _TOLD_EVERY == 0:
            progress(place)
        if text and place >= first and place not in told:
            ranked = [
                (distance, *best)
                for distance, near in index.near(text)
                if (best := stems[near].best(words.choices, least=max(len(text), len(near)) < SHORT_STEM))
            ]
            if ranked:
                yield place, min(ranked)[2]
        if index.file(text):
            stems[text].add(place, words)


class _Stem:
    """The questions of one stem, to find the one that shares most choices."""

    def __init__(self) -> None:
        self._held: list[tuple[int, _Words]] = []
        self._with: dict[str, list[int]] = defaultdict(list)
        self._sorted = 0

    def add(self, place: int, words: _Words) -> None:
        self._held.append((place, words))

    def best(self, choices: frozenset[str], *, least: bool) -> tuple[int, int] | None:
        """How many choices the question that shares most of them shares, as a negative number, and its place; `least` asks for one."""
        if len(self._held) == 1:
            place, words = self._held[0]
            count = len(words.choices & choices)
            return (-count, place) if count or not least else None
        for place, words in self._held[self._sorted :]:
            for choice in words.choices:
                self._with[choice].append(place)
        self._sorted = len(self._held)
        shared: Counter[int] = Counter()
        for choice in choices:
            shared.update(self._with.get(choice, ()))
        if shared:
            return min((-count, place) for place, count in shared.items())
        return None if least else (0, self._held[0][0])


def _changes(words: int) -> int:
    return max(1, words // WORDS_PER_CHANGE)


def _kind(other: _Words, words: _Words, *, exact: bool) -> Kind:
    if exact:
        return "duplicate" if words.keyed == other.keyed else "contradiction"
    if words.stem == other.stem and not alike(words.answers, other.answers):
        return "same_stem"
    return "near_duplicate"


def _told(other: _Words, words: _Words, index: int, place: int, name: str, *, exact: bool) -> Finding:
    others, code = ((place,), "") if place >= 0 else ((), other.question.code)
    kind = _kind(other, words, exact=exact)
    if kind == "duplicate":
        message = f"Trùng với câu {name}."
    elif kind == "contradiction":
        message = f"Trùng với câu {name} nhưng đáp án khác. Hãy xem lại đáp án của cả hai câu."
        return Finding(index, kind, "error", message, others, code)
    elif kind == "same_stem":
        answers = ("; ".join(other.answers), "; ".join(words.answers))
        message = f"Cùng câu dẫn với câu {name} nhưng đáp án khác: {quoted([answers])}."
    elif words.stem == other.stem:
        message = _of_same_stem(other, words, name)
    else:
        message = f"Gần giống câu {name}, khác nhau ở {quoted(differences(other.question.stem, words.question.stem))}."
    return Finding(index, kind, "warning", message, others, code)


def _of_same_stem(other: _Words, words: _Words, name: str) -> str:
    new, old = ([c.text for c in w.question.choices] for w in (words, other))
    odd = [(t, h) for t, h in zip(left_out(old, new), left_out(new, old), strict=False)]
    odd = odd or [(text, "") for text in left_out(old, new)] or [("", text) for text in left_out(new, old)]
    if odd:
        return f"Cùng câu dẫn và đáp án với câu {name}, khác phương án: {quoted(odd)}."
    if words.said == other.said:
        return f"Cùng lời với câu {name} nhưng khác hình."
    spelt = differences(other.question.stem, words.question.stem, spelling=True)
    differs = f"khác cách viết {quoted(spelt)}" if spelt else "chỉ khác dấu, chữ hoa hoặc vài chữ của phương án"
    return f"Gần giống câu {name}, {differs}."
