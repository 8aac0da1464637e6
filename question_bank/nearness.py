"""Texts of words that are few changes apart, among many, without comparing each with each; `duplicates` calls it.

Through k changes two texts keep all but k of their words. So of the k + 2 rarest words of each, at least two are rare words of both, and every text
is filed under the pairs of its rarest words; only texts that share a pair are compared. Long texts, and those of so few different words that one
word may be all they share, are looked up by single words. After Wang, Li, Feng: "Can We Beat the Prefix Filtering?" (SIGMOD 2012). Nothing near is missed
but in a crowd of more than four hundred texts that share their rarest words.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

CROWD = 400  # texts that share the same rare words; of more the first are compared, as each is near some of them
_FIRST_LETTER = 0x10000
_PAIRED = 6  # changes; with more the pairs are many, and long texts are told apart well enough by single words


class Index:
    """Finds, among the texts that were filed so far, those that are near another.

    `limit` says by how many words two texts may differ, given the length of the longer; it grows by one for several words at most.
    """

    def __init__(self, texts: Sequence[Sequence[str]], limit: Callable[[int], int]) -> None:
        known = Counter(word for text in texts for word in set(text))
        ranked = sorted(known, key=lambda word: (known[word], word))
        # Every word is one character, the rarest the first, which makes a text a short string that is fast to compare.
        letter = {word: chr(_FIRST_LETTER + number) for number, word in enumerate(ranked)}
        self.texts = ["".join([letter[word] for word in text]) for text in texts]
        self._limit = limit
        self._filed: set[str] = set()
        self._wanted: set[str] | None = None
        self._under: dict[str, list[str]] = defaultdict(list)
        self._most = lru_cache(maxsize=None)(self._reckoned)

    def want(self, texts: Iterable[str]) -> None:
        """Only these texts will be looked for: what shares none of their rarest words is not filed from here on."""
        self._wanted = set()
        for text in texts:
            self._wanted.update(self._keys(text)[0] or text)

    def file(self, text: str) -> bool:
        """Count one of `texts` among those that are found; one that is filed already stays so. False where nobody looks for anything like it."""
        if text in self._filed:
            return True
        if self._wanted is not None and self._wanted.isdisjoint(text):
            return False
        self._filed.add(text)
        singles, pairs = self._keys(text)
        for key in singles + pairs:
            self._under[key].append(text)
        return True

    def near(self, text: str) -> Iterator[tuple[int, str]]:
        """The distance and the letters of every text that was filed and is near this one, itself included."""
        if text in self._filed:
            yield 0, text
        length = len(text)
        reach = self._most(length)
        if not reach:
            return
        singles, pairs = self._keys(text)
        keys = pairs if len(singles) > reach + 1 and reach <= _PAIRED else singles
        found: set[str] = set()
        for held in sorted((self._under[key] for key in keys if key in self._under), key=len):
            found.update(held[:CROWD])
            if len(found) > CROWD:
                break
        found.discard(text)
        if found:
            near = process.extract(
                text, list(found), scorer=Levenshtein.distance, score_cutoff=reach, limit=None, processor=None
            )
            for candidate, distance, _ in near:
                if distance <= self._limit(max(length, len(candidate))):
                    yield int(distance), candidate

    def _keys(self, text: str) -> tuple[list[str], list[str]]:
        """What a text is filed under: its rarest words, and their pairs where there are not too many."""
        most = self._most(len(text))
        words = sorted(set(text))[: most + 2]
        pairs = [one + other for one, other in combinations(words, 2)] if most <= _PAIRED + 1 else []
        return words, pairs

    def _reckoned(self, length: int) -> int:
        """By how many words a text of this length may at most differ from any other that is near it."""
        apart = self._limit(length)
        while apart < self._limit(length + apart + 1):
            apart += 1
        return apart
