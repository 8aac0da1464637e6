"""A Word text cut into questions, each with its body and fields, and its lists of keys; `word_paste` calls it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from question_bank.formats import word_paste_keys as keys
from question_bank.formats.word_paste_choices import labels
from question_bank.formats.word_paste_lines import (
    SHIELD,
    Line,
    chapter,
    ends_the_paper,
    named_question,
    numbered_question,
    tidy,
)
from question_bank.formats.word_paste_lines import field as field_of
from question_bank.schema import MAX_ITEMS

NO_CHAPTER = "(không có)"
LINE_MOST = 60_001
_KEY_LINES = 3
OUTSIDE = "Hình ở đây nằm ngoài câu hỏi nên không được nhập."


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

    `aside` names the fields that pictures stand in, behind the choices; `in_field` says whether the last line was part of a field.
    """

    line: int
    number: int | None
    chapter: str
    level: str = ""
    body: list[Line] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    listed: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
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
    """What a text was cut into: lines outside every question are `stray`; `unmatched` are remarks on what belongs to no question."""

    blocks: list[Block] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)
    unmatched: list[tuple[int, str]] = field(default_factory=list)
    full: int | None = None


def cut(lines: Sequence[Line], *, unit: str = "dòng") -> Cut:
    """The questions of the lines, told by "Câu 1:", else by "1.", else by the A. that follows their words; `unit` is what a line is called."""
    lines = [line if len(line.text) <= LINE_MOST else line.cut(0, LINE_MOST) for line in lines]
    cutter = _Cutter(lines, unit)
    for index, line in enumerate(lines):
        if len(cutter.cut.blocks) > MAX_ITEMS:
            cutter.cut.blocks.pop()
            cutter.cut.full = line.number
            break
        cutter.take(index, line)
    cutter.close_list()
    return cutter.cut


class _Cutter:
    def __init__(self, lines: Sequence[Line], unit: str) -> None:
        self.cut = Cut()
        self._unit = unit
        self._lines = lines
        self._named = any(_opens(line.text) for line in lines)
        self._numbered = not self._named and any(numbered_question(line.text) for line in lines)
        self._chapter = ""
        self._titled = True
        self._block: Block | None = None
        self._list: keys.KeyList | None = None
        self._scope = 0
        self._gap = False
        self._taken = 0

    def take(self, index: int, line: Line) -> None:
        taken = self._taken
        text = line.text.strip()
        if not text:
            self._gap = True
        elif text.startswith(SHIELD) or not self._structure(index, line, text):
            self._words(index, line, text)
        if text:
            self._gap = False
        if line.bears and self._taken == taken:
            self._beside(line)

    def close_list(self) -> None:
        """Give the questions since the last list of keys what this one says."""
        if self._list is None:
            return
        blocks: dict[int, list[Block]] = {}
        for block in self.cut.blocks[self._scope :]:
            if block.number is not None:
                blocks.setdefault(block.number, []).append(block)
        for number, said in self._list.by_number().items():
            asked = blocks.get(number, [])
            if len(asked) == len(said):
                for block, entry in zip(asked, said, strict=True):
                    block.listed.append(entry)
            elif not asked:
                message = f"Bảng đáp án có câu {number} nhưng không thấy câu này trong tệp."
                self.cut.unmatched.append((said[0][0], message))
            else:
                message = (
                    f"Bảng đáp án ghi câu {number} {len(said)} lần nhưng tệp có {len(asked)} câu mang số này, "
                    "nên không biết đáp án nào của câu nào."
                )
                self.cut.unmatched.append((said[0][0], message))
        self._list = None
        self._scope = len(self.cut.blocks)

    def _structure(self, index: int, line: Line, text: str) -> bool:
        block = self._block
        if keys.heads_a_list(text) and (self._block is None or not self._one_key_follows(index)):
            self._list = self._list or keys.KeyList()
            return True
        in_list = self._list is not None
        if in_list or block is None or block.has_choices:
            gathered = self._list or keys.KeyList()
            if gathered.take(line.number, text, least=1 if in_list or self._named else 2):
                self._list = gathered
                return True
        if self._question(line, text):
            return True
        if (block is None or block.has_choices) and ends_the_paper(text):
            self._block = None
            return True
        if block is None or block.has_choices or in_list or self._block is None:
            named = chapter(text)
            if named is not None and not labels(text[:3]):
                self._open_chapter(*named)
                return True
        found = field_of(text)
        if found and block is not None and (block.has_choices or found[0] not in ("chosen", "source", "locator")):
            name, letter, start = found
            block.fields.append(Field(line.number, name, letter, [text[start:]]))
            block.in_field = True
            return True
        return False

    def _one_key_follows(self, index: int) -> bool:
        following = next((line.text for line in self._lines[index + 1 :] if line.text.strip()), "")
        return keys.letters(following) is not None

    def _question(self, line: Line, text: str) -> bool:
        found = named_question(line.text)
        if found:
            sure = found["stop"] or found.end() == len(line.text)
            if not sure and self._block is not None and not self._block.has_choices:
                return False
            self._open_block(line, int(found["number"]), found.end(), found["level"] or "")
            return True
        if not self._numbered or not (numbered := numbered_question(line.text)):
            return False
        number, block = int(numbered["number"]), self._block
        if block is None or block.has_choices or number == (block.number or 0) + 1:
            self._open_block(line, number, numbered.end(), "")
            return True
        return False

    def _open_block(self, line: Line, number: int | None, start: int, level: str) -> None:
        self.close_list()
        self._block = Block(line.number, number, self._chapter, level, unit=self._unit)
        self.cut.blocks.append(self._block)
        self._titled = True
        self._add(line.cut(start))

    def _open_chapter(self, name: str, untitled: bool) -> None:
        self._chapter = "" if name.strip() == NO_CHAPTER else tidy(name)
        self._titled = not untitled
        self._block = None

    def _words(self, index: int, line: Line, text: str) -> None:
        block = self._block
        over = block is not None and not block.has_choices and _opens_choices(text)
        gap = self._gap or (block is not None and block.told_all)
        if block is not None and block.in_field and not over and not (gap and self._bare_question(index)):
            self._go_on(block, line, text)
            return
        if block is None and not self._titled and len(text) < 200 and not labels(text):
            self._chapter, self._titled = tidy(f"{self._chapter} {text}").replace("\n", " "), True
            return
        if (block is None or block.has_choices) and self._bare_question(index):
            self._open_block(line, None, 0, "")
            return
        if self._block is None:
            self.cut.stray.append(line.number)
            return
        self._add(line)

    def _go_on(self, block: Block, line: Line, text: str) -> None:
        """One more line of the last field; behind a whole key it explains the key, unless it looks like a choice."""
        if block.told_all and block.has_choices and not any(label.weight > 5 for label in labels(text)):
            block.fields.append(Field(line.number, "feedback", "", []))
            message = f"{block.name}: dòng sau đáp án được coi là lời giải thích. Hãy xem lại."
            self.cut.unmatched.append((line.number, message))
        block.fields[-1].parts.append(text)

    def _bare_question(self, index: int) -> bool:
        """Whether the lines from here lead to an A. of their own, in a text whose questions have no numbers."""
        if self._named or self._numbered:
            return False
        text = self._lines[index].text
        if any(label.weight > 5 for label in labels(text)[:1]):
            return False
        for line in self._lines[index : index + 12]:
            if line is not self._lines[index] and not line.text.strip() and self._gap:
                return False
            found = labels(line.text)
            if any(label.place == 0 and label.upper for label in found):
                return True
            if found and found[0].weight > 5:
                return False
        return False

    def _beside(self, line: Line) -> None:
        """What goes with a line that is no part of a body, such as a picture alone, goes with the line before."""
        if self._block is not None and self._block.body:
            if self._block.in_field and self._block.has_choices and line.pictures:
                self._block.aside.append(self._block.fields[-1].name)
                line = replace(line, pictures=())
            self._block.body[-1] = self._block.body[-1].followed_by(line)
        elif line.pictures:
            self.cut.unmatched.append((line.number, OUTSIDE))

    def _add(self, line: Line) -> None:
        if self._block is None:
            return
        self._taken += 1
        self._block.in_field = False
        self._block.body.append(line)
        self._block.has_choices = self._block.has_choices or any(
            label.place == 1 or (label.place == 0 and label.weight > 5) for label in labels(line.text)
        )


def _opens_choices(text: str) -> bool:
    return any(sign.place == 0 and sign.weight > 5 for sign in labels(text)[:1])


def _opens(text: str) -> bool:
    found = named_question(text)
    return found is not None and bool(found["stop"]) and not keys.pairs(text.strip())
