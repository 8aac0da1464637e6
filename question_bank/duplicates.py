"""Questions that say the same as an earlier one, or nearly: told with what differs, for a person to decide; `checks` and the import call it.

Words are compared without accents, letter case and marks. Two stems are near when at most one word in six was changed,
added or left out. Questions that differ in one date or one name are therefore shown as near, never as duplicates.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from question_bank.findings import Finding
from question_bank.schema import Question

WORDS_PER_CHANGE = 6
SHORT_STEM = 5  # words; below it ("Chọn đáp án sai") stems are alike by nature
ALIKE = 88  # per cent of equal letters from which two choices say the same
_LONGEST_QUOTE = 60
_MOST_QUOTES = 3
_FIRST_LETTER = 0x10000
_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"[\W_]+")
_STROKED = str.maketrans({"đ": "d", "y": "i"})


def folded(text: str) -> str:
    """The words alone, in NFC and lower case: what two texts share when a reader would call them the same."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip() or text


def choice_words(text: str) -> str:
    """As `folded`, but marks inside the text stay: choices such as "2 + 2" and "2 - 2" differ by nothing else."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).rstrip(".;, ")


def bare(text: str) -> str:
    """The text in lower case without accents, "đ" as "d" and "y" as "i", as "Mĩ" and "Mỹ" are one word."""
    marked = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in marked if not unicodedata.combining(char)).translate(_STROKED)


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
    called = [*(bank_names or ["đã có trong ngân hàng"] * len(bank))]
    called += names or [str(number + 1) for number in range(len(questions))]
    all_ = [_Words(question) for question in (*bank, *questions)]
    first = len(bank)
    found: dict[int, Finding] = {}
    for index, other in _exact(all_, first):
        found[index] = _told(all_[other], all_[index], index - first, other - first, called[other], exact=True)
    for index, other in _near(all_, first):
        if index not in found:
            found[index] = _told(all_[other], all_[index], index - first, other - first, called[other], exact=False)
    return [found[index] for index in sorted(found)]


@dataclass
class _Words:
    """A question as it is compared."""

    question: Question

    @cached_property
    def same(self) -> tuple[str, tuple[str, ...], bytes | None]:
        """What makes two questions duplicates, keys aside."""
        choices = tuple(sorted(choice_words(choice.text) for choice in self.question.choices))
        return folded(self.question.stem), choices, self.picture

    @property
    def picture(self) -> bytes | None:
        picture = self.question.picture
        return None if picture is None else picture.content

    @cached_property
    def keyed(self) -> frozenset[str]:
        return frozenset(choice_words(choice.text) for choice in self.question.choices if choice.correct)

    @cached_property
    def stem(self) -> list[str]:
        return _WORD.findall(bare(self.question.stem))

    @cached_property
    def choices(self) -> frozenset[str]:
        return frozenset(" ".join(_WORD.findall(bare(c.text))) or c.text for c in self.question.choices)


def _exact(all_: Sequence[_Words], first: int) -> Iterable[tuple[int, int]]:
    seen: dict[tuple[str, tuple[str, ...], bytes | None], int] = {}
    for index, words in enumerate(all_):
        other = seen.setdefault(words.same, index)
        if other != index and index >= first:
            yield index, other


def _near(all_: Sequence[_Words], first: int) -> Iterable[tuple[int, int]]:
    """For each question the nearest earlier one that is near at all.

    Two stems with k words changed share one of the k + 1 rarest words of each, so only those are looked up. Every
    word stands for one character, which makes a stem a short text that is fast to compare.
    """
    known = Counter(word for words in all_ for word in set(words.stem))
    letter = {word: chr(_FIRST_LETTER + number) for number, word in enumerate(known)}
    written = ["".join(letter[word] for word in words.stem) for words in all_]
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, words in enumerate(all_):
        size = len(words.stem)
        most = _changes(size) + 1
        rarest = sorted(set(words.stem), key=lambda word: (known[word], word))[: most + 1]
        if index >= first:
            sizes = range(size - most, size + most + 1)
            lists = [found for word in rarest for near in sizes if (found := places.get((word, near)))]
            nearest = _nearest(all_, written, index, set(chain.from_iterable(lists)))
            if nearest is not None:
                yield index, nearest
        for word in rarest:
            places[word, size].append(index)


def _nearest(all_: Sequence[_Words], written: Sequence[str], index: int, candidates: Iterable[int]) -> int | None:
    words, own = all_[index], written[index]
    bound = _changes(len(own)) + 1
    ranked: list[tuple[int, int, int]] = []
    for other in candidates:
        distance = Levenshtein.distance(own, written[other], score_cutoff=bound)
        if distance > bound:
            continue
        longer = max(len(own), len(written[other]))
        shared = len(words.choices & all_[other].choices)
        most = _changes(longer) if longer >= SHORT_STEM else 0
        if distance <= most and (shared or longer >= SHORT_STEM):
            ranked.append((distance, -shared, other))
    return min(ranked)[2] if ranked else None


def _changes(words: int) -> int:
    return max(1, words // WORDS_PER_CHANGE)


def _told(other: _Words, words: _Words, index: int, place: int, name: str, *, exact: bool) -> Finding:
    others = (place,) if place >= 0 else ()
    if exact:
        if words.keyed == other.keyed:
            return Finding(index, "duplicate", "warning", f"Trùng với câu {name}.", others)
        message = f"Trùng với câu {name} nhưng đáp án khác. Hãy xem lại đáp án của cả hai câu."
        return Finding(index, "contradiction", "error", message, others)
    if words.stem == other.stem:
        return _of_same_stem(other, words, index, name, others)
    pairs = _differences(other.question.stem, words.question.stem)
    message = f"Gần giống câu {name}, khác nhau ở {_quoted(pairs)}."
    return Finding(index, "near_duplicate", "warning", message, others)


def _of_same_stem(other: _Words, words: _Words, index: int, name: str, others: tuple[int, ...]) -> Finding:
    here, there = ([c.text for c in w.question.choices if c.correct] for w in (words, other))
    if not _alike(here, there):
        message = f"Cùng câu dẫn với câu {name} nhưng đáp án khác: {_quoted([('; '.join(there), '; '.join(here))])}."
        return Finding(index, "same_stem", "warning", message, others)
    new, old = ([c.text for c in w.question.choices] for w in (words, other))
    odd = [(t, h) for t, h in zip(_left_out(old, new), _left_out(new, old), strict=False)]
    odd = odd or [(text, "") for text in _left_out(old, new)] or [("", text) for text in _left_out(new, old)]
    if odd:
        message = f"Cùng câu dẫn và đáp án với câu {name}, khác phương án: {_quoted(odd)}."
    elif words.same[:2] == other.same[:2]:
        message = f"Cùng lời với câu {name} nhưng khác hình."
    else:
        spelt = _differences(other.question.stem, words.question.stem, spelling=True)
        differs = f"khác cách viết {_quoted(spelt)}" if spelt else "chỉ khác dấu, chữ hoa hoặc vài chữ của phương án"
        message = f"Gần giống câu {name}, {differs}."
    return Finding(index, "near_duplicate", "warning", message, others)


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
    words = [[m.group() if spelling else bare(m.group()) for m in found] for found in spans]
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
