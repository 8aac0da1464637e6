"""Documents whose relationships lead nowhere open in Word, and so they are read here."""

import io
import zipfile

import pytest

from contest.essay import docx_text
from tests.essay.conftest import docx_of

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.parametrize("kind", ["image", "hyperlink", "oleObject", "customXml"])
@pytest.mark.parametrize("target", ["NULL", "../NULL", "#_top", "media/gone.png", "", "file:///C:/a.png"])
def test_a_relationship_that_leads_nowhere_refuses_no_essay(target: str, kind: str) -> None:
    link = f'<Relationship Id="rId99" Type="{KINDS}/{kind}" Target="{target}"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx_of("Một câu.", "Hai câu."))) as box, zipfile.ZipFile(out, "w") as copy:
        for name in box.namelist():
            content = box.read(name).decode("utf-8") if name.endswith(".rels") else box.read(name)
            if name == "word/_rels/document.xml.rels":
                content = str(content).replace("</Relationships>", link)
            copy.writestr(name, content)
    assert docx_text.read(out.getvalue()).text == "Một câu.\nHai câu."
