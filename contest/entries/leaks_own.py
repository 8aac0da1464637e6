"""Where a text says what is the author's own: name, telephone, e-mail, workplace, in whatever spelling; `leaks` calls it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from contest.entries.leaks_reading import WORD, Reading, plain, spoken

Place = tuple[str, int, int]  # kind, start, end
_SHORTEST_GLUED = 7
_SIGNATURE = re.compile(r"(?i:người viết|tác giả|người dự thi|ký tên|kí tên|người gửi|người chụp|ảnh:|photo:?)")
_ENDS = re.compile(r"[.,;!)]|[^\S\n]*(?:\n|\Z)")
_SIGNED_WITHIN = 60  # characters between such words and the name below them
_COMMON_INITIALS = frozenset(
    [
        "UBND",
        "HĐND",
        "MTTQ",
        "THPT",
        "THCS",
        "BCH",
        "XHCN",
        "CNH",
        "HĐH",
        "TNCS",
        "LHPN",
        "NTM",
        "TDP",
        "BGD",
        "GDĐT",
        "BTG",
        "BTV",
    ]
)
_DIGIT_WORDS = {
    "không": "0",
    "một": "1",
    "mốt": "1",
    "hai": "2",
    "ba": "3",
    "bốn": "4",
    "tư": "4",
    "năm": "5",
    "lăm": "5",
    "sáu": "6",
    "bảy": "7",
    "bẩy": "7",
    "tám": "8",
    "chín": "9",
}
_LETTERS_FOR_DIGITS = str.maketrans("OoQlI|", "000111")
_DIGITS = re.compile(r"[0-9OoQlI|](?:[^0-9A-Za-zÀ-ỹ\n,;]{0,3}[0-9OoQlI|])*")


@dataclass(frozen=True)
class Author:
    """What identifies the author; an empty text is not looked for. `places` are folded names of places, which nobody is called by."""

    full_name: str
    phone: str = ""
    email: str = ""
    workplace: str = ""
    unit: str = ""
    identity: str = ""
    places: frozenset[str] = frozenset()


def places(text: Reading, author: Author) -> list[Place]:
    """The author's own data, each place once, by its strongest meaning."""
    found = [
        *_names(text, author.full_name),
        *_email(text, author.email),
        *_numbers(text, author),
        *_whole(text, "workplace", author.workplace),
        *_whole(text, "unit", author.unit),
        *_parts_of_name(text, author.full_name),
    ]
    kept: list[Place] = []
    for place in found:
        if not any(place[1] < end and start < place[2] for _, start, end in kept):
            kept.append(place)
    return kept


def _whole(text: Reading, kind: str, named: str) -> Iterator[Place]:
    wanted = [plain(word) for word in WORD.findall(named)]
    if len(wanted) < 2:
        return
    words = text.syllables()
    for at in range(len(words) - len(wanted) + 1):
        if plain(words[at][0]) == wanted[0] and all(plain(words[at + n][0]) == word for n, word in enumerate(wanted)):
            yield kind, words[at][1], words[at + len(wanted) - 1][2]


def _names(text: Reading, full_name: str) -> Iterator[Place]:
    """The whole name: in its order or the given name first, with marks or without, glued together or letter by letter."""
    names = WORD.findall(full_name)
    if len(names) < 2:
        return
    words = text.syllables()
    for order in dict.fromkeys([tuple(names), (names[-1], *names[:-1]), (names[-1], *names[1:-1], names[0])]):
        heads = {plain(order[0])}
        for at in range(len(words) - len(order) + 1):
            if plain(words[at][0]) in heads and _same([w[0] for w in words[at : at + len(order)]], order):
                yield "name", words[at][1], words[at + len(order) - 1][2]
    glued = "".join(plain(name) for name in names)
    if len(glued) >= _SHORTEST_GLUED:
        yield from (
            ("name", start, end) for word, start, end in words if len(word) >= len(glued) and glued in plain(word)
        )
        yield from _letter_by_letter(words, glued)


def _same(words: list[str], names: tuple[str, ...]) -> bool:
    """True when the words are the names: with their marks, or without any, or at least each with its capital."""
    if [plain(word) for word in words] != [plain(name) for name in names]:
        return False
    if all(spoken(word) == spoken(name) for word, name in zip(words, names, strict=True)):
        return True
    return all(word.isascii() for word in words) or all(word[0].isupper() and word[1:].islower() for word in words)


def _letter_by_letter(words: list[tuple[str, int, int]], glued: str) -> Iterator[Place]:
    run: list[tuple[str, int, int]] = []
    for word in [*words, ("  ", -1, -1)]:
        if len(word[0]) == 1 and word[0].isalpha() and (not run or word[1] - run[-1][2] < 4):
            run.append(word)
            continue
        at = "".join(plain(letter) for letter, _, _ in run).find(glued) if len(run) >= len(glued) else -1
        if at >= 0:
            yield "name", run[at][1], run[at + len(glued) - 1][2]
        run = [word] if len(word[0]) == 1 else []


def _parts_of_name(text: Reading, full_name: str) -> Iterator[Place]:
    """Parts by which who knows the author would know the text: middle and given name, abbreviations, initials, a signature."""
    names = WORD.findall(full_name)
    if not names:
        return
    words = text.syllables()
    if len(names) > 2:
        for pair in (tuple(names[-2:]), (names[0], names[-1])):
            for one, other in pairwise(words):
                if (
                    _spelled(one[0], pair[0])
                    and _spelled(other[0], pair[1])
                    and text.words[one[2] : other[1]].strip(" .-_") == ""
                ):
                    yield "part-of-name", one[1], other[2]
    if len(names) > 1:
        yield from _abbreviated(text, words, names)
    initials = "".join(name[0].upper() for name in names)
    if len(initials) > 2 and initials not in _COMMON_INITIALS:
        dotted = r"[.\s]?".join(initials)
        yield from (
            ("part-of-name", m.start(), m.end()) for m in re.finditer(rf"(?<![^\W_]){dotted}(?![^\W_])", text.words)
        )
    for signed in _SIGNATURE.finditer(text.words):
        for word in WORD.finditer(text.words, signed.end(), signed.end() + _SIGNED_WITHIN):
            if _spelled(word.group(), names[-1]) and _ENDS.match(text.words, word.end()):
                yield "part-of-name", word.start(), word.end()


def _spelled(word: str, name: str) -> bool:
    return word[0].isupper() and spoken(word) == spoken(name)


def _abbreviated(text: Reading, words: list[tuple[str, int, int]], names: list[str]) -> Iterator[Place]:
    """N.V. Hòa, Ng. V. Hòa, Nguyễn V. Hòa: the given name whole, the names before it whole or shortened, one at least."""
    for at in range(len(names) - 1, len(words)):
        if not _spelled(words[at][0], names[-1]):
            continue
        before = words[at - len(names) + 1 : at]
        shortened = [word for word, name in zip(before, names, strict=False) if spoken(word[0]) != spoken(name)]
        if shortened and all(
            word[0][0].isupper()
            and len(word[0]) < 4
            and plain(names[n]).startswith(plain(word[0]))
            and (spoken(word[0]) == spoken(names[n]) or text.words[word[2] : word[2] + 1] == "." or len(word[0]) == 1)
            for n, word in enumerate(before)
            if spoken(word[0]) != spoken(names[n])
        ):
            yield "part-of-name", before[0][1], words[at][2]


def _email(text: Reading, email: str) -> Iterator[Place]:
    """The author's address, as it is written or as it is said (chấm, at, a còng)."""
    if not email:
        return
    for match in re.finditer(re.escape(email), text.words, re.IGNORECASE):
        yield "email", match.start(), match.end()
    spelled = r"\s*[(\[]?\s*".join(
        {".": r"(?:\.|chấm|cham|dot)\s*[)\]]?", "@": r"(?:@|at|a còng|a móc)\s*[)\]]?", "_": r"(?:_|gạch dưới)"}.get(
            part, re.escape(part)
        )
        for part in re.split(r"([.@_])", email)
        if part
    )
    for match in re.finditer(rf"(?<!\w){spelled}(?!\w)", text.words, re.IGNORECASE):
        yield "email", match.start(), match.end()


def _numbers(text: Reading, author: Author) -> Iterator[Place]:
    """Telephone and identity number, whatever parts their digits, letters that look like digits and digits in words included."""
    wanted = [
        (kind, own)
        for kind, own in (("phone", national(author.phone)), ("identity", re.sub(r"\D", "", author.identity)))
        if len(own) >= 8
    ]
    if not wanted:
        return
    for start, end, digits in number_runs(text):
        for kind, own in wanted:
            found = national(digits) if kind == "phone" else digits
            if found == own or (len(digits) > len(own) and own in digits):
                yield kind, start, end


def number_runs(text: Reading) -> Iterator[tuple[int, int, str]]:
    """Each run of digits, as people part them, that might be somebody's number: where it stands, and its digits."""
    for match in _DIGITS.finditer(text.words):
        shown = match.group()
        digits = re.sub(r"\D", "", shown.translate(_LETTERS_FOR_DIGITS))
        if len(digits) >= 8 and sum(sign.isdigit() for sign in shown) >= len(digits) - 3:
            yield (
                match.start(),
                match.end(),
                ("+" if text.words[match.start() - 1 : match.start()] == "+" else "") + digits,
            )
    run: list[tuple[str, int, int]] = []
    for word in [*text.syllables(), ("", -1, -1)]:
        digit = _DIGIT_WORDS.get(word[0].casefold())
        if digit is not None and (not run or len(text.words[run[-1][2] : word[1]].strip(" ,.-")) == 0):
            run.append((digit, word[1], word[2]))
            continue
        if len(run) >= 9:
            yield run[0][1], run[-1][2], "".join(digit for digit, _, _ in run)
        run = [(digit, word[1], word[2])] if digit is not None else []


def national(number: str) -> str:
    """The digits of a telephone number without trunk prefix or country code."""
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+84") or (digits.startswith("84") and len(digits) >= 11):
        digits = digits[2:]
    return digits.lstrip("0")
