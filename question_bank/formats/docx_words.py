"""The words of a run as Word draws them: raised, lowered, in capitals, or as signs of a font; `docx_lines` calls it."""

from question_bank.formats import symbol_fonts
from question_bank.formats.docx_styles import Look
from question_bank.formats.formulas import lowered, raised

_SCRIPT_MOST = 20
_DEGREES = "oOº"
_SCRIPT = "có chữ nâng lên hoặc hạ xuống, được đọc như chữ thường. Hãy xem lại."
_STRUCK = "có chữ bị gạch ngang, vẫn được đọc. Hãy xem lại."


def shown(words: str, look: Look) -> tuple[str, str]:
    """The words as they are seen, and what is to be told of them."""
    if not words.strip():
        return words, ""
    words = symbol_fonts.signs(words, look.get("font", ""))
    note = symbol_fonts.TOLD if symbol_fonts.UNKNOWN in words and symbol_fonts.draws_signs(look.get("font", "")) else ""
    if look.get("caps"):
        words = words.upper()
    if look.get("raised"):
        words, told = scripted(words, look["raised"])
        note = note or told
    return words, note or (_STRUCK if look.get("struck") else "")


def scripted(words: str, kind: str) -> tuple[str, str]:
    """Words that stand "superscript" or "subscript", such as "²", and what is to be told where they are too long for it."""
    core = words.strip()
    if not core:
        return words, ""
    if len(core) > _SCRIPT_MOST or "\n" in core:
        return words, _SCRIPT
    start, end = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    if core in _DEGREES and kind == "superscript":
        return f"{start}°{end}", ""
    return f"{start}{raised(core) if kind == 'superscript' else lowered(core)}{end}", ""


def symbol(code: str, font: str) -> tuple[str, str]:
    """The sign of a symbol that a run names by the number of its character, and what is to be told of it."""
    try:
        sign = symbol_fonts.sign(int(code, 16), font)
    except ValueError:
        sign = symbol_fonts.UNKNOWN
    return sign, symbol_fonts.TOLD if sign == symbol_fonts.UNKNOWN else ""
