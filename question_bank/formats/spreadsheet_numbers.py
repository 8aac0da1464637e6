"""Numbers and dates of cells as a Vietnamese reader sees them; the Excel reader calls it."""

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from fractions import Fraction

from question_bank.formats.number_codes import Section, Token, section_for, sections, words_shown
from question_bank.formats.spreadsheet_cells import Cell
from question_bank.formats.spreadsheet_moments import moment_shown

_PLAIN = re.compile(r"-?\d{1,15}")
_DIGITS_MOST = 40
_GENERAL_MOST = 11  # digits that an unformatted cell shows before it turns to powers of ten
_PLACES_MOST = 30
_PRECISION = 400
_LOCAL = frozenset(
    [5, 6, 7, 8, 14, 22, 37, 38, 39, 40, 41, 42, 43, 44]
)  # built-in formats that each computer shows in its own way
_NUMBER = "là số, được đọc là “{}”. Hãy xem lại cách viết."
_MOMENT = "là ngày giờ, được đọc là “{}”. Hãy xem lại; nên định dạng ô là Văn bản (Text)."
_UNSEEN = "có nội dung “{}” bị định dạng của ô giấu đi, vẫn được đọc. Hãy xem lại."
_NO_MOMENT = "là ngày giờ mà Excel không hiện ra được, được đọc là số “{}”. Hãy xem lại."


def shown(value: str, number: int, code: str, from_1904: bool) -> Cell:
    """A number as its format shows it: `number` is the format's, `code` its text where it is not a built-in one.

    What looks different from one computer to the next, or may be meant otherwise, carries a remark.
    """
    if not value:
        return Cell()
    code = _code(number, code)
    if code in ("General", "@", "0") and _PLAIN.fullmatch(value) and len(value.lstrip("-")) <= _GENERAL_MOST:
        return Cell(value)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return Cell(value)
    if not amount.is_finite() or abs(amount.adjusted()) > _DIGITS_MOST:
        return Cell(value)
    amount = Decimal(f"{amount:.15g}") if abs(amount) < 10**15 else amount
    with localcontext(prec=_PRECISION):
        return _by_code(amount, number, code, from_1904)


def _by_code(amount: Decimal, number: int, code: str, from_1904: bool) -> Cell:
    section, signed = section_for(amount, sections(code))
    if section.moment:
        return _moment(amount, number, section, from_1904)
    if not section.tokens:
        plain = _general(amount)
        return Cell(plain, remark=_UNSEEN.format(plain))
    text, plain_digits = _number(abs(amount) if signed else amount, section)
    plain_digits = plain_digits and number not in _LOCAL
    return Cell(text, remark="" if plain_digits else _NUMBER.format(text))


def words(text: str, number: int, code: str) -> Cell:
    """Words as the format of their cell shows them."""
    if not text or not code:
        return Cell(text)
    seen = words_shown(text, _code(number, code))
    return Cell(text, remark=_UNSEEN.format(text[:60])) if seen is None else Cell(seen)


def serial(value: str, from_1904: bool) -> str:
    """The number of a date that a cell holds as "1945-08-19T00:00:00"; the value as it stands where it is none."""
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, to_excel

    try:
        if "-" not in value:
            moment: datetime.datetime | datetime.time = datetime.time.fromisoformat(value)
        else:
            moment = datetime.datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=None)
        return str(to_excel(moment, MAC_EPOCH if from_1904 else WINDOWS_EPOCH))
    except (ValueError, TypeError, OverflowError):
        return value


def _code(number: int, code: str) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return code or BUILTIN_FORMATS.get(number, "General")


def _moment(amount: Decimal, number: int, section: Section, from_1904: bool) -> Cell:
    tokens: Sequence[Token] = section.tokens
    if number in (14, 22):
        tokens = [*sections("d/m/yyyy")[0].tokens, *(sections(" h:mm")[0].tokens if number == 22 else ())]
    text = moment_shown(amount, tokens, from_1904)
    if text is None:
        plain = _general(amount)
        return Cell(plain, remark=_NO_MOMENT.format(plain))
    return Cell(text, remark=_MOMENT.format(text))


def _general(amount: Decimal) -> str:
    return f"{amount.normalize():f}".replace(".", ",") if amount else "0"


def _number(amount: Decimal, section: Section) -> tuple[str, bool]:
    """The number by its section, and whether it is digits and words that look the same everywhere."""
    kinds = section.kinds()
    if kinds & {"general", "@"} or not kinds & {"digit"}:
        if not kinds & {"general", "@"}:
            return _joined([token.text for token in section.tokens if token.kind in ("literal", "%")]), False
        plain = _general(amount)
        text = _joined([plain if token.kind in ("general", "@") else token.text for token in section.tokens])
        return text, _PLAIN.fullmatch(plain) is not None and len(plain.lstrip("-")) <= _GENERAL_MOST
    if "/" in kinds:
        return _fraction(amount, section.tokens), False
    if "power" in kinds:
        return _power(amount, section.tokens), False
    return _digits(amount, section.tokens)


def _digits(amount: Decimal, tokens: Sequence[Token]) -> tuple[str, bool]:
    """Digits put where the code has places for them, literals between them kept."""
    digits = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    point = next((place for place, token in enumerate(tokens) if token.kind == "."), len(tokens))
    whole = [place for place in digits if place < point]
    after = [place for place in digits if place > point]
    last = whole[-1] if whole else -1
    commas = [place for place, token in enumerate(tokens) if token.kind == ","]
    grouped = any(whole and whole[0] < place < last for place in commas)
    end = next(
        (place for place in digits if place > last and place > point), point if point < len(tokens) else len(tokens)
    )
    scaled = sum(last < place < end for place in commas) if whole else 0
    hundreds = sum(token.kind == "%" for token in tokens)
    amount = amount.scaleb(2 * hundreds - 3 * scaled)
    rounded = abs(amount).quantize(Decimal(1).scaleb(-min(len(after), _PLACES_MOST)), ROUND_HALF_UP)
    left, _, right = f"{rounded:f}".partition(".")
    left = left.lstrip("0")
    filled = dict[int, str]()
    for index, place in enumerate(reversed(whole)):
        taken = left[len(left) - index - 1 : len(left) - index] if index < len(left) else ""
        if index == len(whole) - 1 and len(left) > len(whole):
            taken = left[: len(left) - len(whole) + 1]
        filled[place] = _grouped(taken or ("0" if tokens[place].text == "0" else ""), index, grouped)
    kept = max(
        (index + 1 for index, place in enumerate(after) if tokens[place].text == "0" or right[index] != "0"), default=0
    )
    kept = max(kept, len(right.rstrip("0")))
    for index, place in enumerate(after):
        filled[place] = right[index] if index < kept else ""
    if not whole and left and point < len(tokens):
        filled[point] = left
    minus = "-" if amount < 0 and rounded else ""
    pieces = [minus]
    for place, token in enumerate(tokens):
        if token.kind == ".":
            pieces.append(filled.get(place, "") + ("," if kept else ""))
        elif token.kind == "digit":
            pieces.append(filled[place])
        elif token.kind != ",":
            pieces.append(token.text)
    return _joined(pieces), not (kept or grouped or scaled or hundreds)


def _grouped(taken: str, index: int, grouped: bool) -> str:
    """The digits of one place with the dots of thousands that stand behind each of them."""
    if not grouped or not taken:
        return taken
    pieces = []
    for offset, digit in enumerate(taken):
        behind = index + len(taken) - 1 - offset
        pieces.append(digit + ("." if behind and behind % 3 == 0 else ""))
    return "".join(pieces)


def _fraction(amount: Decimal, tokens: Sequence[Token]) -> str:
    """The number as a fraction such as "1 3/4", its denominator the nearest of those that the code has room for."""
    bar = next(place for place, token in enumerate(tokens) if token.kind == "/")
    top, bottom = _run(tokens, bar, -1), _run(tokens, bar, 1)
    whole_places = [place for place in range(bar) if tokens[place].kind == "digit" and place not in top]
    fixed = "".join(tokens[place].text for place in bottom)
    value = Fraction(abs(amount))
    if fixed.isdigit() and int(fixed):
        size = int(fixed)
        nearest = Fraction(int(value * size + Fraction(1, 2)), 1)
        over, under = int(nearest), size
    else:
        found = value.limit_denominator(10 ** min(max(len(bottom), 1), 7) - 1)
        over, under = found.numerator, found.denominator
    minus = "-" if amount < 0 and over else ""
    head = _joined(
        [token.text for token in tokens[: min([*whole_places, *top], default=bar)] if token.kind == "literal"]
    )
    tail = "".join(token.text for token in tokens[max([*bottom, bar]) + 1 :] if token.kind == "literal")
    if not whole_places:
        return _joined([head, minus, f"{over}/{under}", tail])
    whole, over = divmod(over, under)
    shown_whole = str(whole) if whole or not over or any(tokens[place].text == "0" for place in whole_places) else ""
    part = f"{over}/{under}" if over else ""
    return _joined([head, minus, " ".join(filter(None, (shown_whole, part))), tail])


def _run(tokens: Sequence[Token], bar: int, step: int) -> list[int]:
    """The places of digits next to the bar of a fraction, on one side."""
    found, place = list[int](), bar + step
    while 0 <= place < len(tokens) and (tokens[place].kind == "digit" or tokens[place].text.isdigit()):
        found.append(place)
        place += step
    return sorted(found)


def _power(amount: Decimal, tokens: Sequence[Token]) -> str:
    """The number with a power of ten, such as "1,5E+03"."""
    power = next(place for place, token in enumerate(tokens) if token.kind == "power")
    before = list(tokens[:power])
    point = next((place for place, token in enumerate(before) if token.kind == "."), len(before))
    step = max(1, sum(token.kind == "digit" for token in before[:point]))
    places = sum(token.kind == "digit" for token in before[point:])
    exponent = amount.adjusted() if amount else 0
    exponent -= exponent % step
    if abs(amount.scaleb(-exponent).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)) >= 10**step:
        exponent += step
    mantissa = _digits(amount.scaleb(-exponent), before)[0]
    after = tokens[power + 1 :]
    size = sum(token.kind == "digit" for token in after)
    sign = "-" if exponent < 0 else "+" if tokens[power].text.endswith("+") else ""
    tail = "".join(token.text for token in after if token.kind == "literal")
    return _joined([mantissa, "E", sign, str(abs(exponent)).zfill(size), tail])


def _joined(pieces: Sequence[str]) -> str:
    return " ".join("".join(pieces).split())
