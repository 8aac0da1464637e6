"""HTML and MathML that stay readable as plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.markup import plain


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a &lt; b &amp; c < d", "a < b & c < d"),
        ("Một<br>hai<br/><br>ba", "Một\nhai\nba"),
        ("<p>Một\nhai</p><p>ba</p>", "Một hai\nba"),
        ("<ul><li>một<li>hai</ul><ol><li><p>ba</p></li><li>bốn</ol>", "- một\n- hai\n1. ba\n2. bốn"),
        ("<table><tr><th>Năm<th>Sự kiện<tr><td>1945<td>Cách mạng</table>", "Năm | Sự kiện\n1945 | Cách mạng"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>, x<sup>a+b</sup>, 30<sup>o</sup>", "H₂O, 10⁻³, x^(a+b), 30^o"),
        ("<pre>a  b\n\n c</pre>", "a  b\n\n c"),
        ("<style>p {}</style><script>alert(1)</script>a<!-- b -->c<?php d ?>", "ac"),
        ("</div></body>a<p>b", "a\nb"),
        ("<o:p>Word</o:p>&nbsp;<b><i>đậm</i></b>", "Word đậm"),
        ("-", "-"),
        ("<p></p>", ""),
    ],
)
def test_markup_becomes_readable_words(html: str, words: str) -> None:
    assert plain(html) == (words, ())


@pytest.mark.parametrize(
    ("mathml", "words"),
    [
        (
            "<mi>x</mi><mo>=</mo><mfrac><mrow><mo>-</mo><mi>b</mi><mo>±</mo><msqrt><msup><mi>b</mi><mn>2</mn></msup><mo>-</mo><mn>4</mn><mo>&InvisibleTimes;</mo><mi>a</mi><mi>c</mi></msqrt></mrow><mrow><mn>2</mn><mi>a</mi></mrow></mfrac>",
            "x = (-b ± √(b² - 4ac))/(2a)",
        ),
        ("<msub><mi>x</mi><mn>1</mn></msub><mo>+</mo><mroot><mn>8</mn><mn>3</mn></mroot>", "x₁ + ∛8"),
        ("<msubsup><mo>∫</mo><mn>0</mn><mi>π</mi></msubsup><mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", "∫₀^πsinx"),
        ("<mtable><mtr><mtd>1</mtd><mtd>2</mtd></mtr><mtr><mtd>3</mtd><mtd>4</mtd></mtr></mtable>", "[1, 2; 3, 4]"),
        ("<semantics><mover><mi>v</mi><mo>→</mo></mover><annotation>\\vec v</annotation></semantics>", "v\u20d7"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
        ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "(a + b)²"),
        ("<mrow>\n\t<mi>m</mi>\n\t<msup> <mi>c</mi> <mn>2</mn> </msup>\n</mrow>", "mc²"),
        ("<msup><mi>a</mi></msup><mfrac/>", "a"),
    ],
)
def test_formulas_stand_on_one_line(mathml: str, words: str) -> None:
    assert plain(f'<p>Cho <math xmlns="http://www.w3.org/1998/Math/MathML">{mathml}</math>.</p>') == (
        f"Cho {words}.",
        (),
    )


def test_pictures_keep_their_alternative_text_and_are_named() -> None:
    assert plain('<img src="a.png" alt="Cờ đỏ"> là gì?<video>x</video>') == (
        "[Hình: Cờ đỏ] là gì?",
        ("hình ảnh", "video"),
    )


@pytest.mark.parametrize("piece", ["<b>", "<math>", "<sup>", "<ul><li>", "<table><tr><td>", "<msup>", "<mrow>"])
@pytest.mark.parametrize("times", [100, 250, 20_000])
def test_nesting_without_end_keeps_the_words(piece: str, times: int) -> None:
    text, _ = plain(piece * times + "chữ")
    assert "chữ" in text


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "&", "<!--", "<a b='", "<![CDATA[", "</p>", "<p>", "&#x110000;", "<pre>\n"]
)
def test_broken_markup_without_end_is_read(piece: str) -> None:
    plain(piece * 50_000)


@given(st.text(st.sampled_from("ab<>/&;=\"' \npremathsulio!-[]"), max_size=80))
def test_no_markup_makes_the_reader_fail(html: str) -> None:
    plain(html)


@given(st.text(max_size=60).filter(lambda text: "<" not in text and "&" not in text))
def test_text_without_markup_keeps_its_words(text: str) -> None:
    assert plain(text)[0].split() == text.split()
