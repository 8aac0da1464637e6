"""One item of QTI 1.2, as Canvas, Blackboard and common cartridges export it, made into a question; `qti` calls it.

Held: one response_lid of one or several right choices, the material around it, what is said of each choice and of the
whole. Keys are told by the conditions of resprocessing. Source: IMS, "QTI: ASI XML Binding Specification", version 1.2.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from question_bank.formats import images, light_markup, markup
from question_bank.formats.qti_item import NotHeld, attribute, below, name_of
from question_bank.formats.unheld import SEVERAL, SHARES, kind_left_out, shares_lost
from question_bank.schema import TRUE_FALSE, Choice, Question, QuestionError

_KINDS = {
    "essay": "Câu tự luận",
    "short": "Câu trả lời ngắn",
    "fill": "Câu điền vào chỗ trống",
    "fib": "Câu điền vào chỗ trống",
    "match": "Câu ghép đôi",
    "jumbled": "Câu chọn từ vào chỗ trống",
    "dropdown": "Câu chọn từ vào chỗ trống",
    "order": "Câu sắp xếp thứ tự",
    "numeric": "Câu trả lời bằng số",
    "calculated": "Câu có nội dung sinh theo biến",
    "file": "Câu nộp tệp",
    "hot": "Câu chọn vùng trên hình",
    "opinion": "Câu hỏi thăm dò",
    "quiz bowl": "Câu đố vui",
    "text_only": "Mục không có phương án để chọn",
}
_LABELS = ("question_type", "cc_profile")
_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp", "response_na")
_TRUTHS = {"true": 0, "false": 1, "question.true": 0, "question.false": 1}
_WHOLE = "Lời nhắn chung khi trả lời đúng hoặc sai không được nhập."
_MOST = float("inf")


@dataclass(slots=True)
class _Condition:
    """What one respcondition says: the choices that it asks for, what they earn (None for nothing said), and what is then shown."""

    places: frozenset[int]
    score: float | None
    shown: list[str] = field(default_factory=list)
    otherwise: bool = False


def question(item: Any, notes: list[str], finder: images.Finder) -> Question:
    """The question of an item; `notes` receives remarks on what was left out of it, `finder` finds pictures.

    Raises QuestionError for a faulty item and NotHeld for one that is no choice among words.
    """
    presentation = next(below(item, "presentation"), None)
    if presentation is None:
        raise QuestionError(["Câu hỏi không có phần nội dung (presentation)."])
    response = _response(item, presentation)
    labels = list(below(response, "response_label"))
    names = [(attribute(label, "ident") or "").strip() for label in labels]
    if len(set(names)) != len(names):
        raise QuestionError(["Có hai phương án cùng một mã (ident)."])
    several = (attribute(response, "rcardinality") or "single").strip().lower() != "single"
    conditions = list(_conditions(item, (attribute(response, "ident") or "").strip(), names))
    keys = _keys(conditions, several=several, notes=notes)
    own, general = _feedback(item, conditions, names, notes)
    texts = [_words(label, notes, images.in_choice(notes)) for label in labels]
    truths = [_TRUTHS.get(text.strip().lower()) for text in texts]
    if len(texts) == 2 and set(truths) == {0, 1}:
        texts = [TRUE_FALSE[place] for place in truths if place is not None]
    held = images.Stem(finder, notes)
    return Question(
        stem=held.words(_stem(presentation, notes, held.take)),
        choices=tuple(Choice(text, place in keys, own.get(place, "")) for place, text in enumerate(texts)),
        pinned=_pinned(response, labels),
        chapter=_bank(item),
        code=(attribute(item, "ident") or _metadata(item, "bbmd_asi_object_id")).strip(),
        feedback=general,
        picture=held.picture,
    )


def _response(item: Any, presentation: Any) -> Any:
    found = list(below(presentation, *_RESPONSES))
    told = next((text for label in _LABELS if (text := _labelled(item, label))), "") or _metadata(
        item, "bbmd_questiontype"
    )
    if (
        len(found) == 1
        and name_of(found[0]) == "response_lid"
        and next(below(found[0], "render_choice"), None) is not None
    ):
        return found[0]
    kind = told.lower().removeprefix("cc.")
    name = next((words for word, words in _KINDS.items() if word in kind), "")
    if not name:
        name = "Câu tự luận hoặc điền chữ" if any(name_of(one) == "response_str" for one in found) else ""
    if not name:
        name = "Câu gồm nhiều phần trả lời" if found else "Mục không có phương án để chọn"
    raise NotHeld(kind[:40] or "other", kind_left_out(name))


def _conditions(item: Any, response: str, names: list[str]) -> Iterator[_Condition]:
    for element in below(item, "respcondition"):
        wanted, stray = set[int](), False
        for test in below(element, "varequal", "varsubset"):
            if _within(test, "not", element):
                continue
            asked = (attribute(test, "respident") or "").strip()
            value = "".join(test.itertext()).strip()
            if not value and asked in names:
                value, asked = asked, response
            values = [part.strip() for part in value.split(",")] if name_of(test) == "varsubset" else [value]
            if asked not in (response, ""):
                continue
            stray = stray or any(one not in names for one in values)
            wanted |= {names.index(one) for one in values if one in names}
        if stray and not wanted:
            raise QuestionError(["Đáp án không có trong các phương án."])
        yield _Condition(
            frozenset(wanted),
            _score(element),
            [(attribute(show, "linkrefid") or "").strip() for show in below(element, "displayfeedback")],
            otherwise=next(below(element, "other"), None) is not None,
        )


def _score(condition: Any) -> float | None:
    for change in below(condition, "setvar"):
        name = (attribute(change, "varname") or attribute(change, "variablename") or "SCORE").strip().lower()
        text = "".join(change.itertext()).strip()
        if not name.startswith(("score", "que_score", "maxscore")):
            continue
        if text.lower() == "score.max":
            return _MOST
        try:
            return float(text.replace(",", ".")) if text else None
        except ValueError:
            return None
    return _MOST if (attribute(condition, "title") or "").strip().lower() == "correct" else None


def _keys(conditions: list[_Condition], *, several: bool, notes: list[str]) -> frozenset[int]:
    """The places of the right choices: those that earn most, or, where choices add up, all that earn something."""
    earning = [one for one in conditions if one.places and (one.score or 0) > 0]
    if not earning:
        raise QuestionError(["Câu hỏi chưa có đáp án đúng (respcondition không cho điểm phương án nào)."])
    best = max(one.score or 0 for one in earning)
    whole = [one.places for one in earning if one.score == best]
    joined = several and not any(len(places) > 1 for places in whole)
    keys = frozenset().union(*([one.places for one in earning] if joined else whole))
    each = [(one.score or 0, one.places <= keys) for one in conditions if one.places and one.score not in (None, _MOST)]
    if shares_lost(each):
        notes.append(SHARES)
    if not several and len(keys) > 1:
        notes.append(SEVERAL)
    return keys


def _feedback(
    item: Any, conditions: list[_Condition], names: list[str], notes: list[str]
) -> tuple[dict[int, str], str]:
    """What is said of each choice by its place, and of the question as a whole."""
    said = {
        (attribute(element, "ident") or "").strip(): _words(element, notes) for element in below(item, "itemfeedback")
    }
    own, general = dict[int, str](), list[str]()
    for condition in conditions:
        for name in condition.shown:
            if not (text := said.pop(name, "")):
                continue
            if len(condition.places) == 1 and "correct" not in name.lower():
                own[min(condition.places)] = text
            elif condition.otherwise and "correct" not in name.lower():
                general.append(text)
            else:
                notes.append(_WHOLE)
    for name, text in said.items():
        if not text:
            continue
        if name in names:
            own.setdefault(names.index(name), text)
        elif name.lower().startswith("general_fb") or name.lower() in ("solution", "general"):
            general.append(text)
        else:
            notes.append(_WHOLE)
    return own, "\n".join(general)


def _pinned(response: Any, labels: list[Any]) -> bool:
    """Whether some choices are held in place while others are shuffled; that nothing is shuffled is what every program writes unasked."""
    render = next(below(response, "render_choice"))
    shuffled = (attribute(render, "shuffle") or "").strip().lower() == "yes"
    return shuffled and any((attribute(label, "rshuffle") or "").strip().lower() == "no" for label in labels)


def _bank(item: Any) -> str:
    """The name of the bank that holds the item, where the file tells it."""
    for above in item.iterancestors():
        if name_of(above) == "objectbank":
            return _labelled(above, "bank_title")
    return ""


def _labelled(holder: Any, label: str) -> str:
    """The entry of a field of metadata by its label, such as "question_type"."""
    for entry in below(holder, "qtimetadatafield"):
        words = {name_of(part): "".join(part.itertext()).strip() for part in entry}
        if words.get("fieldlabel", "").lower() == label:
            return words.get("fieldentry", "")
    return ""


def _metadata(item: Any, name: str) -> str:
    element = next(below(item, name), None)
    return "" if element is None else "".join(element.itertext()).strip()


def _stem(presentation: Any, notes: list[str], picture: Callable[[Any], bool]) -> str:
    pieces = [
        _text(part, notes, picture)
        for part in _materials(presentation)
        if not _within(part, "response_label", presentation)
    ]
    return "\n".join(piece for piece in pieces if piece.strip())


def _words(holder: Any, notes: list[str], picture: Callable[[Any], bool] | None = None) -> str:
    pieces = [_text(part, notes, picture) for part in _materials(holder)]
    return "\n".join(piece for piece in pieces if piece.strip())


def _materials(holder: Any) -> Iterator[Any]:
    return below(holder, "mattext", "mat_formattedtext", "matimage", "matemtext", "matbreak")


def _text(part: Any, notes: list[str], picture: Callable[[Any], bool] | None) -> str:
    if name_of(part) == "matimage":
        part.set("src", attribute(part, "uri") or "")
        if picture is None or not picture(part):
            notes.extend(markup.remarks(("hình ảnh",)) if picture is None else ())
        return ""
    if len(part):
        text, lost = markup.words(part, picture=picture)
    else:
        text = part.text or ""
        style = (attribute(part, "texttype") or attribute(part, "type") or "").lower()
        if "html" not in style and not light_markup.marked(text):
            return text
        text, lost = markup.plain(text, picture)
    notes.extend(markup.remarks(lost))
    return text


def _within(part: Any, name: str, top: Any) -> bool:
    for above in part.iterancestors():
        if above is top:
            return False
        if name_of(above) == name:
            return True
    return False
