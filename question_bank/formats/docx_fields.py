"""Fields of Word that show something without holding it: EQ draws a formula, SYMBOL a sign; `docx_lines` calls it.

Source: ECMA-376 part 1, 17.16 (fields); Microsoft, "Field codes: Eq (Equation) field".
"""

import re

from question_bank.formats import symbol_fonts
from question_bank.formats.formulas import fraction, lowered, raised, root

_SILENT = frozenset(
    ["TC", "XE", "TA", "RD", "SET", "ASK", "ADVANCE", "PRIVATE", "BIDIOUTLINE", "NEXT", "NEXTIF", "SKIPIF"]
)
_SYMBOL = re.compile(r"SYMBOL\s+(?P<code>0x[0-9A-F]+|\d+|.)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_FONT = re.compile(r"\\f\s*(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)
_OPTION = re.compile(r"\s*\\([a-z]{2})\s*(\d+|\\[^\w\s]|[^\w\s(\\])?\s*", re.IGNORECASE)
_DEPTH = 20
_LENGTH = 2_000
EQUATION = "có công thức (trường EQ), được đọc là “{}”. Hãy xem lại."
UNREAD_EQUATION = f"có công thức (trường EQ) không đọc được, được thay bằng “{symbol_fonts.UNKNOWN}”. Hãy gõ lại."
UNREAD = "có trường Word “{}” chưa có kết quả nên không đọc được. Hãy xem lại."


class Fields:
    """The fields open in one paragraph, innermost last; what stands before a field's result is not shown."""

    def __init__(self) -> None:
        self._open: list[tuple[list[str], bool]] = []

    @property
    def inside_code(self) -> bool:
        """Whether what comes next is part of a field's code."""
        return any(not divided for _, divided in self._open)

    def begin(self) -> None:
        """A field begins with its code."""
        self._open.append(([], False))

    def code(self, text: str) -> None:
        """A piece of the code of the innermost field."""
        if self._open and not self._open[-1][1]:
            self._open[-1][0].append(text)

    def divide(self) -> None:
        """The code of the innermost field ends and its result begins."""
        if self._open:
            self._open[-1] = (self._open[-1][0], True)

    def end(self) -> str:
        """The innermost field ends: its code where it has no result of its own, else ""."""
        parts, divided = self._open.pop() if self._open else ([], True)
        code = "".join(parts)
        if self._open and not divided:
            return ""
        return "" if divided else code


def drawn(code: str) -> tuple[str, str]:
    """What a field without a result shows, and what is to be told of it; both may be ""."""
    words = code.split(maxsplit=1)
    if not words or (name := words[0].upper()) in _SILENT:
        return "", ""
    if name == "EQ":
        text = equation(words[1] if len(words) > 1 else "")
        return (
            (symbol_fonts.UNKNOWN, UNREAD_EQUATION) if text is None else (text, EQUATION.format(text) if text else "")
        )
    if name == "SYMBOL" and (found := _SYMBOL.match(code.strip())):
        font = _FONT.search(found["rest"])
        sign = symbol_fonts.sign(_code(found["code"]), (font[1] or font[2]) if font else "Symbol")
        return sign, symbol_fonts.TOLD if sign == symbol_fonts.UNKNOWN else ""
    return "", UNREAD.format(words[0][:20])


def equation(code: str) -> str | None:
    """The code of an EQ field on one line, such as "1/6" for "\\f(1,6)"; None where it cannot be told."""
    if len(code) > _LENGTH:
        return None
    try:
        arguments, end = _Reader(code).arguments(0, 0, closed=False)
    except (IndexError, RecursionError):
        return None
    return " ".join(",".join(arguments).split()) if end >= len(code) else None


class _Reader:
    def __init__(self, code: str) -> None:
        self._code = code

    def arguments(self, place: int, depth: int, *, closed: bool = True) -> tuple[list[str], int]:
        """What stands up to the bracket that closes, cut at its separators, and the place behind. Raises IndexError."""
        if depth > _DEPTH:
            raise IndexError
        parts, signs, nested = [""], list[str](), 0
        while True:
            if place >= len(self._code):
                if closed or nested:
                    raise IndexError
                break
            char = self._code[place]
            if char == "\\":
                text, place = self._switch(place, depth)
                parts[-1] += text
                continue
            place += 1
            if char == ")" and not nested:
                if closed:
                    break
                raise IndexError
            nested += (char == "(") - (char == ")")
            if char in ",;" and not nested and closed:
                parts.append("")
                signs.append(char)
            else:
                parts[-1] += char
        return _cut(parts, signs), place

    def _switch(self, place: int, depth: int) -> tuple[str, int]:
        name, place = self._code[place + 1 : place + 2].lower(), place + 2
        if not name.isalpha():
            return name, place
        options = dict[str, str]()
        while option := _OPTION.match(self._code, place):
            options[option[1].lower()] = (option[2] or "").removeprefix("\\")
            place = option.end()
        while self._code[place : place + 1].isspace():
            place += 1
        if self._code[place : place + 1] != "(":
            return "", place
        arguments, place = self.arguments(place + 1, depth + 1)
        return _shown(name, options, [argument.strip() for argument in arguments]), place


def _shown(name: str, options: dict[str, str], arguments: list[str]) -> str:
    first, last = arguments[0], arguments[-1]
    match name:
        case "f" if len(arguments) == 2:
            return fraction(first, last)
        case "r":
            return root(last, first if len(arguments) > 1 else "")
        case "s" if "do" in options:
            return lowered(first)
        case "s" if "up" in options or len(arguments) == 1:
            return raised(first)
        case "b":
            left = options.get("bc") or options.get("lc") or "("
            right = options.get("bc") or options.get("rc") or ")"
            pairs = {"(": ")", "[": "]", "{": "}", "<": ">"}
            return left + ", ".join(arguments) + pairs.get(right, right)
        case "i":
            sign = "∑" if "su" in options else "∏" if "pr" in options else "∫"
            low, high, body = ["", "", *arguments][-3:] if len(arguments) < 3 else arguments[:3]
            return sign + lowered(low) + raised(high) + f" {body}"
        case "a":
            return "[" + "; ".join(arguments) + "]"
        case "o":
            return "".join(arguments)
        case "d":
            return " "
        case _:
            return ", ".join(arguments)


def _cut(parts: list[str], signs: list[str]) -> list[str]:
    """The parts as arguments: where semicolons part them, commas belong to numbers."""
    if ";" not in signs or "," not in signs:
        return parts
    joined = [parts[0]]
    for sign, part in zip(signs, parts[1:], strict=True):
        if sign == ";":
            joined.append(part)
        else:
            joined[-1] += f",{part}"
    return joined


def _code(text: str) -> int:
    if text.lower().startswith("0x"):
        return int(text[2:8], 16)
    return int(text[:7]) if text.isascii() and text.isdigit() else ord(text)
