"""What a Word text is cut into: questions with their bodies and fields; `word_paste_blocks` fills these, `word_paste` reads them."""

from dataclasses import dataclass, field

from question_bank.formats import word_paste_keys as keys
from question_bank.formats.word_paste_lines import Line, tidy

_KEY_LINES = 3


@dataclass(slots=True)
class Field:
    """One field of a question, such as its source, with the lines that follow it."""

    line: int
    name: str
    letter: str
    parts: list[str]

    @property
    def text(self) -> str:
        """Its words."""
        return "\n".join(self.parts)


@dataclass(slots=True)
class Block:
    """One question as it stands: `number` is None where it has none; `listed` what lists of keys say of it; `unit` what its line is called.

    `aside` names the fields that pictures stand in, behind the choices; `doubts` are remarks that matter if the question is read; `in_field` says whether the last line was part of a field.
    """

    line: int
    number: int | None
    chapter: str
    level: str = ""
    body: list[Line] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    listed: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    doubts: list[tuple[int, str]] = field(default_factory=list)
    has_choices: bool = False
    in_field: bool = False
    unit: str = "dòng"

    @property
    def told_all(self) -> bool:
        """Whether the last field is a key that needs no further words, such as "Đáp án: B"."""
        last = self.fields[-1] if self.in_field else None
        if last is None or last.name not in ("key", "chosen") or len(last.parts) > _KEY_LINES:
            return False
        return keys.letters(tidy(last.text)) is not None

    @property
    def name(self) -> str:
        """What the question is called in a message."""
        return f"Câu {self.number}" if self.number is not None else f"Câu ở {self.unit} {self.line}"


@dataclass(slots=True)
class Cut:
    """What a text was cut into: lines outside every question are `stray`, numbers and heads of pages `heads`; `unmatched` are remarks on what belongs to no question.

    `numbered` says that questions are told by bare numbers.
    """

    blocks: list[Block] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)
    heads: list[tuple[int, str]] = field(default_factory=list)
    unmatched: list[tuple[int, str]] = field(default_factory=list)
    full: int | None = None
    numbered: bool = False
