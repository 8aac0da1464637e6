"""The signs that the fonts Symbol and Wingdings draw in place of letters, in Unicode; the readers of Word and Excel files call it.

Source: Adobe, "Symbol Set and Encoding" (symbol.txt of the Unicode Consortium); Wingdings after Unicode's document L2/12-368.
"""


def _listed(pairs: str) -> dict[int, str]:
    """Signs by the number of the character that they stand for, each written as its number and itself."""
    return {int(pair[:2], 16): pair[2:] for pair in pairs.split()}


_SYMBOL = {
    **dict(
        zip(
            range(0x20, 0x7F),
            " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
            strict=True,
        )
    ),
    **dict(
        zip(
            range(0xA0, 0xF0),
            "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
            strict=True,
        )
    ),
    **dict(zip(range(0xF1, 0xFF), "⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭", strict=True)),
}
_WINGDINGS = {
    **_listed(
        "21✏ 22✂ 28☎ 2A✉ 3C💾 46☞ 45☜ 47☝ 48☟ 4A☺ 4B😐 4C☹ 4E☠ 4F⚐ 51✈ 52☼ 54❄ 6C● 6D❍ 6E■ 6F□ 70□ 71❑ 72❒ "
        "73⬧ 74⧫ 75◆ 76❖ 77⬥ 78⌧ 7B❀ 7C✿ 7D❝ 7E❞ 9E· 9F• A1○ A4◉ A5◎ A7▪ A8◻ AA✦ AB★ AC✶ AF✵ D8➢ DC➲ DF← "
        "E0→ E1↑ E2↓ E3↖ E4↗ E5↙ E6↘ E8➔ EF⇦ F0⇨ F1⇧ F2⇩ F3⬄ FB✗ FC✓ FD☒ FE☑"
    ),
    **dict(zip(range(0x80, 0x8B), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True)),
    **dict(zip(range(0x8B, 0x96), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True)),
}
_WINGDINGS_2 = {
    **_listed("4F✗ 50✓ 51☒ 52☑ 53☒ 54☒ 95• 96● 97● A3□"),
    **dict(zip(range(0x69, 0x74), "⓪①②③④⑤⑥⑦⑧⑨⑩", strict=True)),
    **dict(zip(range(0x74, 0x7F), "⓿❶❷❸❹❺❻❼❽❾❿", strict=True)),
}
# What a document that names no such font means: bullets and ticks as Wingdings draws them, all else as Symbol does.
_BULLETS = {code: _WINGDINGS[code] for code in (0xFC, 0xFE, 0xFB, 0xFD, 0xA7, 0xA8, 0xD8, 0x6E, 0x71, 0x76)}
_EITHER = {**_SYMBOL, **_BULLETS, 0x52: "☑", 0x50: "✓"}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_UNREADABLE = frozenset([*_FONTS, "wingdings 3", "webdings", "marlett", "mt extra", "zapf dingbats", "zapfdingbats"])
_PRIVATE = range(0xF000, 0xF100)
UNKNOWN = "□"
TOLD = f"có ký hiệu không đọc được, được thay bằng “{UNKNOWN}”. Hãy xem lại và gõ lại ký hiệu."


def draws_signs(font: str) -> bool:
    """Whether a font draws signs in place of letters."""
    return font.strip().lower() in _UNREADABLE


def sign(code: int, font: str) -> str:
    """The sign that a font draws for a character, `UNKNOWN` where it cannot be told; the character itself of any other font."""
    name = font.strip().lower()
    known = _FONTS.get(name)
    if code in _PRIVATE:
        code -= _PRIVATE.start
        known = known or (_EITHER if name not in _UNREADABLE else None)
    elif name not in _UNREADABLE:
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else UNKNOWN
    if code in (0x09, 0x0A, 0x20, 0xA0):
        return chr(code)
    return UNKNOWN if known is None else known.get(code, UNKNOWN)


def signs(text: str, font: str) -> str:
    """The text as a font draws it; of a font of letters only its characters of private use are other than they stand."""
    if not draws_signs(font):
        return "".join(sign(ord(char), font) if ord(char) in _PRIVATE else char for char in text)
    return "".join(sign(ord(char), font) if ord(char) < 0x100 or ord(char) in _PRIVATE else char for char in text)
