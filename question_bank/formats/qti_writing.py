"""Questions written as a QTI content package of version 2.1, 2.2 or 3.0; `qti` offers the three.

Texts stand as paragraphs with line breaks, or preformatted where spaces would be lost; the code is the item's label.
A picture is a file of the package beside its item.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from question_bank.formats import qti_metadata
from question_bank.schema import Choice, Question, one_line

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_HTML = frozenset(["p", "br", "pre", "div", "img"])
_WHEN = (1980, 1, 1, 0, 0, 0)
_TITLE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class _Version:
    """How one version spells things; `hyphened` puts "qti-" and hyphens into the names of elements and attributes."""

    namespace: str
    manifest: str
    schema: str
    number: str
    resource: str
    template: str
    hyphened: bool = False


_2_1 = _Version(
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "QTIv2.1 Package",
    "1.0.0",
    "imsqti_item_xmlv2p1",
    "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct",
)
_2_2 = _Version(
    "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "QTIv2.2 Package",
    "1.0.0",
    "imsqti_item_xmlv2p2",
    "http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct",
)
_3_0 = _Version(
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "QTI Package",
    "3.0.0",
    "imsqti_item_xmlv3p0",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct",
    hyphened=True,
)


def write_2_1(questions: Iterable[Question]) -> bytes:
    """A QTI 2.1 package; reading it gives equal questions, as long as each has a key."""
    return _package(questions, _2_1)


def write_2_2(questions: Iterable[Question]) -> bytes:
    """A QTI 2.2 package, as `write_2_1`."""
    return _package(questions, _2_2)


def write_3_0(questions: Iterable[Question]) -> bytes:
    """A QTI 3.0 package, as `write_2_1`."""
    return _package(questions, _3_0)


def _package(questions: Iterable[Question], version: _Version) -> bytes:
    manifest = etree.Element(f"{{{version.manifest}}}manifest", nsmap={None: version.manifest})
    manifest.set("identifier", "khat-vong")

    def add(parent: Any, name: str) -> Any:
        return etree.SubElement(parent, f"{{{version.manifest}}}{name}")

    metadata = add(manifest, "metadata")
    add(metadata, "schema").text = version.schema
    add(metadata, "schemaversion").text = version.number
    add(manifest, "organizations")
    resources = add(manifest, "resources")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number, question in enumerate(questions, 1):
            name = f"items/q{number:05}.xml"
            resource = add(resources, "resource")
            for key, value in (("identifier", f"q{number:05}"), ("type", version.resource), ("href", name)):
                resource.set(key, value)
            qti_metadata.write(resource, question)
            add(resource, "file").set("href", name)
            shown = ""
            if question.picture is not None:
                shown = f"images/q{number:05}.{question.picture.kind or 'bin'}"
                add(resource, "file").set("href", f"items/{shown}")
                zipped.writestr(zipfile.ZipInfo(f"items/{shown}", _WHEN), question.picture.content)
            _store(zipped, name, _Item(question, f"q{number:05}", version, shown).element)
        _store(zipped, "imsmanifest.xml", manifest)
    return buffer.getvalue()


def _store(zipped: zipfile.ZipFile, name: str, root: Any) -> None:
    etree.indent(root)
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    zipped.writestr(entry, etree.tostring(root, encoding="utf-8", xml_declaration=True))


class _Item:
    """One assessmentItem in the making; `element` is its root, `shown` the address of its picture or ""."""

    def __init__(self, question: Question, identifier: str, version: _Version, shown: str) -> None:
        self._version = version
        self._shown = shown
        self.element = etree.Element(self._name("assessmentItem"), nsmap={None: version.namespace})
        title = question.code or one_line(question.stem)[:_TITLE_LENGTH]
        self._set(self.element, identifier=identifier, title=title, label=question.code)
        self._set(self.element, adaptive="false", timeDependent="false")
        names = [f"C{place}" for place in range(1, len(question.choices) + 1)]
        self._declare(question, names)
        self._body(question, names)
        self._process(question)
        told = [(name, choice.feedback) for name, choice in zip(names, question.choices, strict=True)]
        for name, text in told:
            self._feedback("FEEDBACK", name, text)
        self._feedback("EXPLANATION", "GENERAL", question.feedback)

    def _declare(self, question: Question, names: list[str]) -> None:
        cardinality = "multiple" if question.multiple else "single"
        response = self._add(
            self.element,
            "responseDeclaration",
            identifier="RESPONSE",
            cardinality=cardinality,
            baseType="identifier",
        )
        correct = self._add(response, "correctResponse")
        for name, choice in zip(names, question.choices, strict=True):
            if choice.correct:
                self._add(correct, "value").text = name
        self._add(self.element, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
        if _explained(question.choices):
            self._outcome("FEEDBACK", cardinality)
        if question.feedback:
            self._outcome("EXPLANATION", "single")

    def _outcome(self, name: str, cardinality: str) -> None:
        self._add(self.element, "outcomeDeclaration", identifier=name, cardinality=cardinality, baseType="identifier")

    def _body(self, question: Question, names: list[str]) -> None:
        body = self._add(self.element, "itemBody")
        self._flow(body, question.stem)
        if question.picture is not None:
            self._add(self._add(body, "p"), "img", src=self._shown, alt=question.picture.alt)
        interaction = self._add(
            body,
            "choiceInteraction",
            responseIdentifier="RESPONSE",
            shuffle="false" if question.pinned else "true",
            maxChoices="0" if question.multiple else "1",
        )
        for name, choice in zip(names, question.choices, strict=True):
            self._flow(self._add(interaction, "simpleChoice", identifier=name), choice.text)

    def _process(self, question: Question) -> None:
        if not question.feedback and not _explained(question.choices):
            self._add(self.element, "responseProcessing", template=self._version.template)
            return
        processing = self._add(self.element, "responseProcessing")
        condition = self._add(processing, "responseCondition")
        right = self._add(condition, "responseIf")
        match = self._add(right, "match")
        self._add(match, "variable", identifier="RESPONSE")
        self._add(match, "correct", identifier="RESPONSE")
        for branch, score in ((right, "1"), (self._add(condition, "responseElse"), "0")):
            outcome = self._add(branch, "setOutcomeValue", identifier="SCORE")
            self._add(outcome, "baseValue", baseType="float").text = score
        if _explained(question.choices):
            outcome = self._add(processing, "setOutcomeValue", identifier="FEEDBACK")
            self._add(outcome, "variable", identifier="RESPONSE")
        if question.feedback:
            outcome = self._add(processing, "setOutcomeValue", identifier="EXPLANATION")
            self._add(outcome, "baseValue", baseType="identifier").text = "GENERAL"

    def _feedback(self, outcome: str, identifier: str, text: str) -> None:
        if not text:
            return
        modal = self._add(
            self.element, "modalFeedback", outcomeIdentifier=outcome, identifier=identifier, showHide="show"
        )
        holder = self._add(modal, "contentBody") if self._version.hyphened else modal
        self._flow(holder, text)

    def _flow(self, parent: Any, text: str) -> None:
        first, *rest = text.split("\n")
        if any(not line or line != " ".join(line.split()) for line in (first, *rest)):
            self._add(parent, "pre").text = text
            return
        paragraph = self._add(parent, "p")
        paragraph.text = first
        for line in rest:
            self._add(paragraph, "br").tail = line

    def _add(self, parent: Any, name: str, **attributes: str) -> Any:
        element = etree.SubElement(parent, self._name(name))
        self._set(element, **attributes)
        return element

    def _set(self, element: Any, **attributes: str) -> None:
        for name, value in attributes.items():
            element.set(_hyphened(name) if self._version.hyphened else name, value)

    def _name(self, name: str) -> str:
        spelt = f"qti-{_hyphened(name)}" if self._version.hyphened and name not in _HTML else name
        return f"{{{self._version.namespace}}}{spelt}"


def _explained(choices: Iterable[Choice]) -> bool:
    return any(choice.feedback for choice in choices)


@lru_cache(maxsize=256)
def _hyphened(name: str) -> str:
    return _CAPITAL.sub("-", name).lower()
