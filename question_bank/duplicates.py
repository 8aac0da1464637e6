"""Questions that say the same as an earlier one, or nearly: told with what differs, for a person to decide; `checks` and the import call it.

Words are compared without accents, letter case and marks. Two stems are near when at most one word in six was changed,
added or left out. Questions that differ in one date or one name are therefore shown as near, never as duplicates.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from question_bank.findings import Finding, Kind
from question_bank.nearness import Index
from question_bank.schema import Question

WORDS_PER_CHANGE = 6
SHORT_STEM = 5  # words; below it ("Chọn đáp án sai") stems are alike by nature
ALIKE = 88  # per cent of equal letters from which two choices say the same
_LONGEST_QUOTE = 60
_TOLD_EVERY = 250  # questions
_MOST_QUOTES = 3
_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"[\W_]+")


class _Unmarked(dict[int, str]):
    """Each character without its accents, "đ" as "d" and "y" as "i"; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        bared = "".join(part for part in parts if not unicodedata.combining(part))
        self[code] = {"đ": "d", "y": "i"}.get(bared, bared)
        return self[code]


_UNMARKED = _Unmarked()


def folded(text: str) -> str:
    """The words alone, in NFC and lower case: what two texts share when a reader would call them the same."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip() or text


def choice_words(text: str) -> str:
    """As `folded`, but marks inside the text stay: choices such as "2 + 2" and "2 - 2" differ by nothing else."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".;, ")


def bare(text: str) -> str:
    """The text in lower case without accents, "đ" as "d" and "y" as "i", as "Mĩ" and "Mỹ" are one word."""
    return text.casefold().translate(_UNMARKED)


_bare_word = lru_cache(maxsize=50_000)(bare)


def find(
    questions: Sequence[Question],
    *,
    names: Sequence[str] = (),
    bank: Sequence[Question] = (),
    bank_names: Sequence[str] = (),
) -> list[Finding]:
    """What repeats an earlier question of the same list or one of `bank`; at most one finding a question.

    `names` and `bank_names` are what messages call the questions, such as their codes; a list is numbered without them. `others` names only questions
    of the list. Equal words with another key are a contradiction, which is an error; all else is a warning.
    """
    if len(questions) + len(bank) < 2:
        return []
    called = [*(bank_names or ["đã có trong ngân hàng"] * len(bank))]
    called += names or [str(number + 1) for number in range(len(questions))]
    all_ = [_Words(question) for question in (*bank, *questions)]
    first = len(bank)
    return [
        _told(all_[other], all_[index], index - first, other - first, called[other], exact=exact)
        for index, other, exact in _pairs(all_, first)
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
    def same(self) -> tuple[str, tuple[str, ...], bytes | None]:
        """What makes two questions duplicates, keys aside."""
        return self.folded, self.offered, self.picture

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
        return _WORD.findall(bare(self.question.stem))

    @cached_property
    def choices(self) -> frozenset[str]:
        return frozenset(" ".join(_WORD.findall(bare(c.text))) or c.text for c in self.question.choices)


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
            seen: dict[tuple[str, tuple[str, ...], bytes | None], int] = {}
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
    if words.stem == other.stem and not _alike(words.answers, other.answers):
        return "same_stem"
    return "near_duplicate"


def _told(other: _Words, words: _Words, index: int, place: int, name: str, *, exact: bool) -> Finding:
    others = (place,) if place >= 0 else ()
    kind = _kind(other, words, exact=exact)
    if kind == "duplicate":
        message = f"Trùng với câu {name}."
    elif kind == "contradiction":
        message = f"Trùng với câu {name} nhưng đáp án khác. Hãy xem lại đáp án của cả hai câu."
        return Finding(index, kind, "error", message, others)
    elif kind == "same_stem":
        answers = ("; ".join(other.answers), "; ".join(words.answers))
        message = f"Cùng câu dẫn với câu {name} nhưng đáp án khác: {_quoted([answers])}."
    elif words.stem == other.stem:
        message = _of_same_stem(other, words, name)
    else:
        message = (
            f"Gần giống câu {name}, khác nhau ở {_quoted(_differences(other.question.stem, words.question.stem))}."
        )
    return Finding(index, kind, "warning", message, others)


def _of_same_stem(other: _Words, words: _Words, name: str) -> str:
    new, old = ([c.text for c in w.question.choices] for w in (words, other))
    odd = [(t, h) for t, h in zip(_left_out(old, new), _left_out(new, old), strict=False)]
    odd = odd or [(text, "") for text in _left_out(old, new)] or [("", text) for text in _left_out(new, old)]
    if odd:
        return f"Cùng câu dẫn và đáp án với câu {name}, khác phương án: {_quoted(odd)}."
    if words.same[:2] == other.same[:2]:
        return f"Cùng lời với câu {name} nhưng khác hình."
    spelt = _differences(other.question.stem, words.question.stem, spelling=True)
    differs = f"khác cách viết {_quoted(spelt)}" if spelt else "chỉ khác dấu, chữ hoa hoặc vài chữ của phương án"
    return f"Gần giống câu {name}, {differs}."


def _alike(first: Sequence[str], second: Sequence[str]) -> bool:
    return len(first) == len(second) and not _left_out(first, second)


def _left_out(texts: Sequence[str], among: Sequence[str]) -> list[str]:
    """The texts that none of `among` repeats, small slips of the pen and numbers apart: a number must be the same."""
    return [text for text in texts if not any(_says_the_same(text, other) for other in among)]


def _says_the_same(first: str, second: str) -> bool:
    one, two = bare(first), bare(second)
    if re.findall(r"\d+", one) != re.findall(r"\d+", two):
        return False
    one, two = (" ".join(_WORD.findall(text)) or text for text in (one, two))
    return one == two or (len(one) > 12 and fuzz.ratio(one, two) >= ALIKE)


def _differences(first: str, second: str, *, spelling: bool = False) -> list[tuple[str, str]]:
    """The stretches in which two texts differ, as they are written; `spelling` counts accents and letter case too.

    Changes with one word between them are one stretch, so that "Bắc Giang" and "Hà Bắc" are told whole.
    """
    texts = [unicodedata.normalize("NFC", text) for text in (first, second)]
    spans = [list(_WORD.finditer(text)) for text in texts]
    words = [[m.group() if spelling else _bare_word(m.group()) for m in found] for found in spans]
    merged: list[list[int]] = []
    for op in Levenshtein.opcodes(*words):
        if op.tag == "equal":
            continue
        if merged and op.src_start - merged[-1][1] <= 1 and op.dest_start - merged[-1][3] <= 1:
            merged[-1][1], merged[-1][3] = op.src_end, op.dest_end
        else:
            merged.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    return [(_stretch(texts[0], spans[0], a, b), _stretch(texts[1], spans[1], c, d)) for a, b, c, d in merged]


def _stretch(text: str, spans: "Sequence[re.Match[str]]", start: int, end: int) -> str:
    return text[spans[start].start() : spans[end - 1].end()] if start < end else ""


def _quoted(pairs: Sequence[tuple[str, str]]) -> str:
    told = []
    for old, new in pairs[:_MOST_QUOTES]:
        if old and new:
            told.append(f"“{_short(old)}” và “{_short(new)}”")
        else:
            told.append(f"“{_short(old or new)}” (chỉ có ở {'câu kia' if old else 'câu này'})")
    return ", ".join(told) + (" và vài chỗ nữa" if len(pairs) > _MOST_QUOTES else "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1].rstrip() + "…"
