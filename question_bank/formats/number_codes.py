"""The codes by which a workbook shows numbers ("0000", "# ?/?", "[h]:mm"), cut into sections and tokens; `spreadsheet_numbers` calls it.

Source: ECMA-376 part 1, 18.8.30 (numFmts), 18.8.31 (codes).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_TOKEN = re.compile(
    r"(?P<quoted>\"[^\"]*\"?)|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)|(?P<bracket>\[[^\]]*\])"
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<moment>y+|b+|e+(?![+\-])|m+|d+|h+|s+)"
    r"|(?P<power>E[+\-])|(?P<digit>[0#?])|(?P<sign>[.,%/@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[+\-]?\d+)?)\s*\]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]\-]*)(?:-[^\]]*)?\]")
_SECTIONS_MOST = 4
_CODE_MOST = 255


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a code: `kind` is "literal", "general", "half", "moment", "elapsed", "power", "digit" or the sign itself."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a code between semicolons, with the condition on the number where it has one."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None

    @property
    def moment(self) -> bool:
        """Whether it shows the number as a date or a time."""
        return any(token.kind in ("moment", "elapsed", "half") for token in self.tokens)

    def kinds(self) -> frozenset[str]:
        """The kinds of its tokens."""
        return frozenset(token.kind for token in self.tokens)


@lru_cache(maxsize=512)
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a code, up to four: for numbers above zero, below it, zero, and for words."""
    found: list[list[Token]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    for match in _TOKEN.finditer(code[:_CODE_MOST]):
        kind, text = str(match.lastgroup), match[match.lastgroup or 0]
        if kind == "other" and text == ";":
            if len(found) == _SECTIONS_MOST:
                break
            found.append([])
            conditions.append(None)
        elif kind == "bracket":
            conditions[-1] = _condition(text) or conditions[-1]
            found[-1] += _bracket(text)
        else:
            found[-1].append(_token(kind, text))
    return tuple(Section(tuple(tokens), told) for tokens, told in zip(found, conditions, strict=True))


def section_for(amount: Decimal, parts: Sequence[Section]) -> tuple[Section, bool]:
    """The section that shows a number, and whether it shows the number's minus by itself."""
    numbers = parts[:3]
    if any(part.condition for part in numbers):
        for part in numbers:
            if part.condition is None or _holds(amount, part.condition):
                return part, part is not numbers[0] and part.condition is not None and amount < 0
        return numbers[-1], False
    if amount < 0 and len(numbers) > 1:
        return numbers[1], True
    if amount == 0 and len(numbers) > 2:
        return numbers[2], True
    return numbers[0], False


def words_shown(text: str, code: str) -> str | None:
    """Words as a code shows them: with what stands around its "@"; None where it shows nothing of them."""
    parts = sections(code)
    told = parts[3] if len(parts) > 3 else next((part for part in parts if "@" in part.kinds()), None)
    if told is None:
        return text
    if not told.tokens:
        return None
    return "".join(
        text if token.kind == "@" else token.text if token.kind == "literal" else "" for token in told.tokens
    )


def _token(kind: str, text: str) -> Token:
    match kind:
        case "quoted":
            return Token("literal", text.strip('"'))
        case "escaped" | "other":
            return Token("literal", text)
        case "gap" | "fill":
            return Token("literal", " ")
        case "sign":
            return Token(text, text)
        case "moment" | "power" | "half" | "general":
            return Token(kind, text.lower())
        case _:
            return Token(kind, text)


def _bracket(text: str) -> list[Token]:
    if elapsed := _ELAPSED.fullmatch(text):
        return [Token("elapsed", elapsed[1].lower())]
    if (currency := _CURRENCY.fullmatch(text)) and currency[1]:
        return [Token("literal", currency[1])]
    return []


def _condition(text: str) -> tuple[str, Decimal] | None:
    if (told := _CONDITION.fullmatch(text)) is None:
        return None
    try:
        return told[1], Decimal(told[2])
    except InvalidOperation:
        return None


def _holds(amount: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, bound = condition
    return {
        "<": amount < bound,
        ">": amount > bound,
        "=": amount == bound,
        "<=": amount <= bound,
        ">=": amount >= bound,
        "<>": amount != bound,
    }[sign]
