"""Hypothesis strategies for questions; the round trips and the checks use them."""

from hypothesis import strategies as st

from question_bank.schema import MAX_CHOICES, Choice, Difficulty, Picture, Question, Source, clean, one_line

WORDS = st.text(
    alphabet=st.one_of(st.sampled_from("aăâđêôơưẠệỗ ~=#{}:\\[]%/$n\n\t\"'”.,-_>"), st.characters()), max_size=40
)
TEXT = WORDS.filter(clean)
LABEL = WORDS.map(one_line)
SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP")
PICTURES = st.builds(
    lambda sign, rest, alt: Picture(sign + rest, alt), st.sampled_from(SIGNS), st.binary(max_size=40), LABEL
)


@st.composite
def questions(draw: st.DrawFn, *, pictured: bool = False) -> Question:
    """Any question that stands and has a key; with `pictured` some have a picture."""
    count = draw(st.integers(2, MAX_CHOICES))
    keys = draw(st.sets(st.integers(0, count - 1), min_size=1))
    return Question(
        stem=draw(TEXT),
        choices=tuple(Choice(draw(TEXT), index in keys, draw(WORDS)) for index in range(count)),
        chapter=draw(LABEL),
        difficulty=draw(st.sampled_from(Difficulty)),
        source=draw(st.none() | st.builds(Source, LABEL.filter(bool), LABEL)),
        tags=tuple(draw(st.lists(LABEL.filter(bool), max_size=3))),
        pinned=draw(st.booleans()),
        code=draw(LABEL),
        feedback=draw(WORDS),
        picture=draw(st.none() | PICTURES) if pictured else None,
    )
