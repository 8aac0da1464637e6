"""One QTI assessment item made into a question; `qti` calls it for files and packages.

Versions 2.1, 2.2 and 3.0 differ in namespace and spelling (`simpleChoice`, `qti-simple-choice`), so names are compared
without either. Held: one choiceInteraction with its prompt and the body around it, correctResponse or mapping, inline
and modal feedback, `shuffle` and `fixed`. Source: 1EdTech, "QTI Assessment, Section, Test and Item Information Model".
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from question_bank.formats import images, markup
from question_bank.formats.unheld import SEVERAL, SHARES, kind_left_out, shares_lost
from question_bank.schema import Choice, Question, QuestionError

_LEFT_OUT = frozenset(
    ["simplechoice", "feedbackinline", "feedbackblock", "rubricblock", "stylesheet", "templateblock", "cataloginfo"]
)
_INTERACTIONS = {
    "associateinteraction": "Câu ghép cặp",
    "custominteraction": "Câu tương tác riêng",
    "drawinginteraction": "Câu vẽ hình",
    "endattemptinteraction": "Câu có nút kết thúc",
    "extendedtextinteraction": "Câu tự luận",
    "gapmatchinteraction": "Câu kéo thả vào chỗ trống",
    "graphicassociateinteraction": "Câu ghép cặp trên hình",
    "graphicgapmatchinteraction": "Câu kéo thả vào hình",
    "graphicorderinteraction": "Câu sắp xếp trên hình",
    "hotspotinteraction": "Câu chọn vùng trên hình",
    "hottextinteraction": "Câu chọn từ trong đoạn",
    "inlinechoiceinteraction": "Câu chọn từ vào chỗ trống",
    "matchinteraction": "Câu ghép đôi",
    "mediainteraction": "Câu nghe nhìn",
    "orderinteraction": "Câu sắp xếp thứ tự",
    "portablecustominteraction": "Câu tương tác riêng",
    "positionobjectinteraction": "Câu đặt vật lên hình",
    "selectpointinteraction": "Câu chọn điểm trên hình",
    "sliderinteraction": "Câu thanh trượt",
    "textentryinteraction": "Câu trả lời ngắn",
    "uploadinteraction": "Câu nộp tệp",
}
_GENERAL = ("correct", "incorrect", "partial", "partially_correct")


class NotHeld(Exception):
    """An item of a kind that the quiz does not hold: `kind` is its interaction, the message a Vietnamese sentence."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


def name_of(element: Any) -> str:
    """The element's name as all versions share it: lower case, without namespace, "qti-" and hyphens."""
    tag = element.tag
    return _shared(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1_024)
def _shared(tag: str) -> str:
    return tag.rpartition("}")[2].lower().removeprefix("qti-").replace("-", "")


def attribute(element: Any, name: str) -> str | None:
    """An attribute by its version 2 name in lower case, such as "responseidentifier"."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2].lower().replace("-", "") == name:
            return str(value)
    return None


def below(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names anywhere below, in order."""
    return (child for child in element.iter() if child is not element and name_of(child) in names)


def question(item: Any, notes: list[str], finder: images.Finder) -> Question:
    """The question of an assessmentItem; `notes` receives remarks on what was left out of it, `finder` finds pictures.

    Raises QuestionError for a faulty item and NotHeld for one that is no single choice interaction.
    """
    body = next(below(item, "itembody"), None)
    if body is None:
        raise QuestionError(["Câu hỏi không có phần nội dung (itemBody)."])
    interaction = _interaction(item, body)
    for child in below(body, "rubricblock"):
        if "".join(child.itertext()).strip():
            notes.append("Lời hướng dẫn kèm theo câu hỏi (rubricBlock) không được nhập.")
            break
    elements = [child for child in interaction.iter() if name_of(child) == "simplechoice"]
    names = [(attribute(element, "identifier") or "").strip() for element in elements]
    if len(set(names)) != len(names):
        raise QuestionError(["Có hai phương án cùng một mã (identifier)."])
    keys = _keys(item, (attribute(interaction, "responseidentifier") or "RESPONSE").strip(), names, notes)
    if len(keys) > 1 and _one_only(item, interaction):
        notes.append(SEVERAL)
    feedback, general = _modal(item, names, notes)
    choices = []
    for element, name in zip(elements, names, strict=True):
        inline = [_words(child, notes) for child in below(element, "feedbackinline", "feedbackblock")]
        shown = "\n".join(text for text in (*inline, feedback.get(name, "")) if text)
        choices.append(Choice(_words(element, notes, images.in_choice(notes)), name in keys, shown))
    fixed = [(attribute(element, "fixed") or "").strip() == "true" for element in elements]
    shuffled = (attribute(interaction, "shuffle") or "").strip() != "false"
    if shuffled and any(fixed):
        notes.append("Có phương án phải đứng yên nên thứ tự các phương án của câu được giữ nguyên.")
    label = attribute(item, "label")
    held = images.Stem(finder, notes)
    return Question(
        stem=held.words(_words(body, notes, held.take)),
        choices=tuple(choices),
        pinned=any(fixed) or not shuffled,
        code=label if label is not None else attribute(item, "identifier") or "",
        feedback=general,
        picture=held.picture,
    )


def _one_only(item: Any, interaction: Any) -> bool:
    """Whether an entrant may mark one choice alone."""
    response = (attribute(interaction, "responseidentifier") or "RESPONSE").strip()
    declared = [d for d in below(item, "responsedeclaration") if (attribute(d, "identifier") or "").strip() == response]
    single = any((attribute(one, "cardinality") or "single").strip() == "single" for one in declared)
    return single or (attribute(interaction, "maxchoices") or "1").strip() == "1"


def _interaction(item: Any, body: Any) -> Any:
    if next(below(item, "templatedeclaration", "printedvariable"), None) is not None:
        raise NotHeld("template", kind_left_out("Câu có nội dung sinh theo biến"))
    found = [child for child in body.iter() if name_of(child).endswith("interaction")]
    if not found:
        raise NotHeld("none", kind_left_out("Mục không có phương án để chọn"))
    others = [name_of(child) for child in found if name_of(child) != "choiceinteraction"]
    if others:
        raise NotHeld(others[0], kind_left_out(_INTERACTIONS.get(others[0], f"Câu hỏi loại “{others[0][:40]}”")))
    if len(found) > 1:
        raise NotHeld("composite", kind_left_out("Câu gồm nhiều phần trả lời"))
    return found[0]


def _keys(item: Any, response: str, names: list[str], notes: list[str]) -> set[str]:
    """The identifiers of the correct choices: those of correctResponse, else those that the mapping rewards most."""
    declaration = next(
        (
            child
            for child in below(item, "responsedeclaration")
            if (attribute(child, "identifier") or "").strip() == response
        ),
        None,
    )
    if declaration is None:
        raise QuestionError(["Câu hỏi chưa khai báo đáp án (responseDeclaration)."])
    several = (attribute(declaration, "cardinality") or "single").strip() != "single"
    correct = next(below(declaration, "correctresponse"), None)
    values = [] if correct is None else ["".join(value.itertext()).strip() for value in below(correct, "value")]
    keys = {value for value in values if value}
    points = _points(declaration)
    best = max(points.values(), default=0)
    if not keys and best > 0:
        keys = {name for name, worth in points.items() if worth > 0 and (several or worth == best)}
    if shares_lost((worth, name in keys) for name, worth in points.items()):
        notes.append(SHARES)
    if not keys:
        raise QuestionError(["Câu hỏi chưa có đáp án đúng (correctResponse)."])
    strange = sorted(keys - set(names))
    if strange:
        raise QuestionError([f"Đáp án “{strange[0][:60]}” không có trong các phương án."])
    return keys


def _points(declaration: Any) -> dict[str, float]:
    found = {}
    for entry in below(declaration, "mapentry"):
        try:
            worth = float((attribute(entry, "mappedvalue") or "0").strip())
        except ValueError:
            raise QuestionError(["Điểm của phương án (mappedValue) phải là một số."]) from None
        found[(attribute(entry, "mapkey") or "").strip()] = worth
    return found


def _modal(item: Any, names: list[str], notes: list[str]) -> tuple[dict[str, str], str]:
    """The feedback of each choice by its identifier, and what is said of the question as a whole."""
    own: dict[str, str] = {}
    general = []
    for element in below(item, "modalfeedback"):
        shown_for = (attribute(element, "identifier") or "").strip()
        text = _words(element, notes)
        if not text:
            continue
        if (attribute(element, "showhide") or "show").strip() == "hide":
            notes.append("Lời nhắn khi không chọn một phương án không được nhập.")
        elif shown_for in names:
            own[shown_for] = "\n".join(filter(None, (own.get(shown_for), text)))
        elif shown_for.lower().replace("-", "_") in _GENERAL:
            notes.append("Lời nhắn chung khi trả lời đúng hoặc sai không được nhập.")
        else:
            general.append(text)
    return own, "\n".join(general)


def _words(element: Any, notes: list[str], picture: Callable[[Any], bool] | None = None) -> str:
    text, lost = markup.words(element, lambda _, child: name_of(child) in _LEFT_OUT, picture)
    notes.extend(markup.remarks(lost))
    return text
