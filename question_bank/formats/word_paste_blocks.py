"""A Word text cut into questions, each with its body and fields, and its lists of keys; `word_paste` calls it."""

from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats import word_paste_keys as keys
from question_bank.formats.word_paste_choices import labels, late_choice
from question_bank.formats.word_paste_headings import Headings, capitals, contents, page_mark, rule, whole_page
from question_bank.formats.word_paste_lines import (
    SHIELD,
    Line,
    ends_the_paper,
    named_question,
    numbered_question,
    tidy,
)
from question_bank.formats.word_paste_lines import field as field_of
from question_bank.formats.word_paste_shapes import Block, Cut, Field
from question_bank.schema import MAX_ITEMS

NO_CHAPTER = "(không có)"
LINE_MOST = 60_001
_LOOKED_AHEAD = 30
_SHORT = 4
_TITLE_MOST = 200
_WRAPPED = 40  # signs; a shorter line was not broken for its length
OUTSIDE = "Hình ở đây nằm ngoài câu hỏi nên không được nhập."


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
        self.cut.numbered = self._numbered
        self._chapter = ""
        self._titled = True
        self._block: Block | None = None
        self._list: keys.KeyList | None = None
        self._scope = 0
        self._gap = False
        self._taken = 0
        self._headings = Headings()

    def take(self, index: int, line: Line) -> None:
        taken = self._taken
        text = line.text.strip()
        if not text:
            self._gap = True
        elif self._aside(line, text):
            text = ""
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
        if block is not None and not block.in_field and late_choice(text, (above.text for above in block.body)):
            return False
        if keys.heads_a_list(text) and (self._block is None or not self._one_key_follows(index)):
            self._list = self._list or keys.KeyList()
            return True
        if block is not None and block.has_choices and keys.heads_a_list(text) and not field_of(text):
            block.fields.append(Field(line.number, "key", "", [""]))
            block.in_field = True
            return True
        in_list = self._list is not None
        if in_list or block is None or block.has_choices:
            gathered = self._list or keys.KeyList()
            if gathered.take(line.number, text, least=1 if in_list or self._named else 2):
                self._list = gathered
                return True
        if self._question(index, line):
            return True
        if (block is None or block.has_choices) and ends_the_paper(text):
            self._block = None
            return True
        if block is None or block.has_choices or in_list or self._block is None:
            apart = block is None or block.told_all or (self._gap and not block.in_field)
            opens = self._question_follows(index)
            named = self._headings.named(text, opens=opens, apart=apart, numbered=self._numbered)
            if named is not None and (opens or not labels(text[:3])) and not self._choices_follow(index):
                self._open_chapter(*named)
                return True
            if line.heading and self._styled_chapter(index, text):
                self.cut.unmatched.append((line.number, f"“{text[:60]}” có kiểu tiêu đề của Word nên là tên chương."))
                self._open_chapter(text, untitled=False)
                return True
        found = field_of(text)
        if found and block is not None and (block.has_choices or found[0] not in ("chosen", "source", "locator")):
            name, letter, start = found
            block.fields.append(Field(line.number, name, letter, [text[start:]]))
            block.in_field = True
            return True
        return False

    def _aside(self, line: Line, text: str) -> bool:
        """Whether a line belongs to a page and no question: its number or head, which are told, or a rule."""
        block = self._block
        if text.startswith(SHIELD) or self._begun():
            return False
        if rule(text) and not page_mark(text):
            return block is None or block.has_choices
        if (block is None or block.in_field) and contents(text) and not labels(text):
            self.cut.heads.append((line.number, text))
            return True
        cited = block is not None and block.in_field and block.fields[-1].name in ("source", "locator")
        if not page_mark(text) or (cited and not whole_page(text)):
            return False
        self.cut.heads.append((line.number, text))
        return True

    def _capital_head(self, index: int, text: str) -> bool:
        """Whether a line in capitals before the next question stands below words that are not in capitals."""
        block = self._block
        if block is None or not block.has_choices or not capitals(text) or text.startswith(SHIELD) or self._begun():
            return False
        above = block.fields[-1].parts[-1] if block.in_field else block.body[-1].text
        return not capitals(above.strip()) and not labels(text) and self._question_follows(index)

    def _tell_joined(self, line: Line, text: str) -> None:
        """Say that a line is taken for more of the words above where it may be none of them."""
        block = self._block
        if block is None or not block.has_choices or text.startswith(SHIELD) or labels(text) or self._begun():
            return
        odd = capitals(text) or len(text) <= _SHORT
        if not block.in_field:
            if late_choice(text, (above.text for above in block.body)):
                return
            wrapped = len(block.body[-1].text) >= _WRAPPED or text[:1].islower()
            odd = odd or self._gap or not wrapped
        if odd or Headings().named(text, opens=True, apart=True, numbered=self._numbered):
            words = "lời giải thích" if block.in_field else "lời của phương án"
            message = f"{block.name}: dòng “{text[:60]}” được coi là {words} đứng trước nó. Hãy xem lại."
            block.doubts.append((line.number, message))

    def _begun(self) -> bool:
        """Whether the line above only opens a choice or a field, so that what follows are its words."""
        block = self._block
        if block is None:
            return False
        if block.in_field:
            return not block.fields[-1].text.strip()
        text = block.body[-1].text.strip()
        return any(label.end == len(text) for label in labels(text)[-1:])

    def _following(self, index: int) -> str:
        following = (line.text for line in self._lines[index + 1 : index + 1 + _LOOKED_AHEAD] if line.text.strip())
        return next((text for text in following if not page_mark(text.strip())), "")

    def _question_follows(self, index: int) -> bool:
        following = self._following(index)
        if not self._numbered:
            return _opens(following)
        found = numbered_question(following)
        return found is not None and int(found["number"]) in (1, self._number + 1)

    def _styled_chapter(self, index: int, text: str) -> bool:
        """Whether a line in a heading's style heads questions, and is no title of the chapter above it."""
        told = self._named or self._numbered
        plain = self._titled and len(text) < _TITLE_MOST and not labels(text) and field_of(text) is None
        return told and plain and not self._choices_follow(index)

    def _choices_follow(self, index: int) -> bool:
        """Whether a choice other than the first stands below: a line there is inside a question."""
        return any(label.place and label.weight > 5 for label in labels(self._following(index).strip())[:1])

    def _one_key_follows(self, index: int) -> bool:
        return keys.letters(self._following(index)) is not None

    @property
    def _number(self) -> int:
        return (self._block.number if self._block else self.cut.blocks[-1].number if self.cut.blocks else 0) or 0

    def _question(self, index: int, line: Line) -> bool:
        found = named_question(line.text)
        if found:
            sure = found["stop"] or found.end() == len(line.text)
            if not sure and self._block is not None and not self._block.has_choices:
                return False
            self._open_block(line, int(found["number"]), found.end(), found["level"] or found["after"] or "")
            return True
        if not (numbered := numbered_question(line.text)):
            return False
        number, block = int(numbered["number"]), self._block
        if not self._numbered:
            last = block.number if block is not None and block.has_choices else None
            if last is None or number != last + 1 or not _opens_choices(self._following(index).strip()):
                return False
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
        if self._capital_head(index, text):
            self.cut.heads.append((line.number, text))
            return
        over = block is not None and not block.has_choices and _opens_choices(text)
        gap = self._gap or (block is not None and block.told_all)
        if block is not None and block.in_field and not over and not (gap and self._bare_question(index)):
            self._go_on(block, line, text)
            return
        if block is None and not self._titled and len(text) < _TITLE_MOST and not (labels(text) or field_of(text)):
            self._chapter, self._titled = tidy(f"{self._chapter} {text}").replace("\n", " "), True
            return
        if (block is None or block.has_choices) and self._bare_question(index):
            self._open_block(line, None, 0, "")
            return
        if self._block is None:
            self.cut.stray.append(line.number)
            return
        self._tell_joined(line, text)
        self._add(line)

    def _go_on(self, block: Block, line: Line, text: str) -> None:
        """One more line of the last field; behind a whole key it explains the key, unless it looks like a choice."""
        if block.told_all and block.has_choices and not any(label.weight > 5 for label in labels(text)):
            block.fields.append(Field(line.number, "feedback", "", []))
            message = f"{block.name}: dòng sau đáp án được coi là lời giải thích. Hãy xem lại."
            self.cut.unmatched.append((line.number, message))
        elif not block.told_all:
            self._tell_joined(line, text)
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
