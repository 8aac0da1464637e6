"""A .docx is read as Word prints it: notes, signs and formulas are there, what moved stands once, hidden text is gone; what differs is told."""

import io
import zipfile

import pytest

from contest.essay import docx_body, docx_text
from tests.essay.conftest import docx_of, shared_data
from tests.fixtures.requirements import lacking

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<w:styles xmlns:w="{W}"><w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="AnDoan"><w:basedOn w:val="AnGoc"/></w:style>
<w:style w:type="paragraph" w:styleId="AnGoc"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Cu"><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr></w:style></w:styles>"""


def package(body: str, *, word: str = W, parts: dict[str, tuple[str, str]] | None = None) -> bytes:
    """A .docx of this body and of more parts, each with the kind of its relationship and its content."""
    parts = {"styles.xml": ("styles", STYLES)} | (parts or {})
    links = "".join(
        f'<Relationship Id="r{n}" Type="{R}/{kind}" Target="{name}"/>'
        for n, (name, (kind, _)) in enumerate(parts.items())
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as box:
        box.writestr("[Content_Types].xml", '<Types><Override ContentType="wordprocessingml.document.main"/></Types>')
        box.writestr("_rels/.rels", f'<x><Relationship Type="{R}/officeDocument" Target="word/document.xml"/></x>')
        box.writestr("word/_rels/document.xml.rels", f"<x>{links}</x>")
        head = f'<w:document xmlns:w="{word}" xmlns:m="{M}" xmlns:r="{R}">'
        box.writestr("word/document.xml", f"{head}<w:body>{body}</w:body></w:document>")
        for name, (_, content) in parts.items():
            box.writestr(f"word/{name}", content)
    return kept.getvalue()


def text(body: str) -> str:
    return docx_text.read(package(body)).text


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def test_what_moved_stands_once_and_what_was_deleted_not_at_all() -> None:
    moved = p(f"<w:moveFrom>{r('Sông Thương.')}</w:moveFrom>"), p(f"<w:moveTo>{r('Sông Thương.')}</w:moveTo>")
    assert text(moved[0] + p(r("Mùa vải.")) + moved[1] + p(f"<w:del>{r('bỏ')}</w:del>")).split("\n") == [
        "Mùa vải.",
        "Sông Thương.",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        p(r("ẩn", "<w:vanish/>")),
        p(r("ẩn", '<w:vanish w:val="1"/>')),
        p(r("ẩn", '<w:rStyle w:val="An"/>')),
        p('<w:pPr><w:pStyle w:val="AnDoan"/></w:pPr>', r("ẩn")),
    ],
)
def test_hidden_text_is_not_read(hidden: str) -> None:
    assert text(p(r("hiện")) + hidden) == "hiện"


def test_text_that_only_seems_hidden_is_read() -> None:
    assert text(p('<w:pPr><w:pStyle w:val="AnDoan"/></w:pPr>', r("hiện", '<w:vanish w:val="0"/>'))) == "hiện"


def test_signs_and_formulas_are_read_and_a_formula_is_told() -> None:
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    )
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>EQ \\f(1;6)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    found = docx_text.read(
        package(
            p(
                r("góc "),
                '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>',
                r(" là "),
                formula,
                r(" và "),
                field,
                r(" tạ"),
            )
        )
    )
    assert found.text == "góc α là 1/2 và 1/6 tạ"
    assert found.told == docx_body.FORMULA


def test_notes_stand_numbered_behind_the_text() -> None:
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{p(r("Văn kiện, tr. 45"))}</w:footnote></w:footnotes>'
    ends = f'<w:endnotes xmlns:w="{W}"><w:endnote w:id="2">{p(r("Lịch sử, tr. 7"))}</w:endnote></w:endnotes>'
    body = p(r("Một"), '<w:r><w:footnoteReference w:id="2"/></w:r>') + p(
        r("Hai"), '<w:r><w:endnoteReference w:id="2"/></w:r>'
    )
    found = docx_text.read(package(body, parts={"f.xml": ("footnotes", notes), "e.xml": ("endnotes", ends)}))
    assert found.text.split("\n") == ["Một [1]", "Hai [2]", "[1] Văn kiện, tr. 45", "[2] Lịch sử, tr. 7"]
    assert found.told == docx_body.NOTED


def test_an_embedded_page_is_read_and_anything_else_embedded_is_told() -> None:
    chunks = '<w:altChunk r:id="r1"/><w:altChunk r:id="r2"/>'
    parts = {
        "a.html": ("aFChunk", "<html><head><title>x</title></head><body><p>Một <b>hai</b></p><p>ba</p></body></html>"),
        "b.rtf": ("aFChunk", "{\\rtf1 x}"),
    }
    found = docx_text.read(package(chunks + p(r("bốn")), parts=parts))
    assert (found.text.split("\n"), found.told) == (["Một hai", "ba", "bốn"], docx_body.EMBEDDED)
    with pytest.raises(docx_text.Unreadable, match="phần nhúng"):
        docx_text.read(package('<w:altChunk r:id="r2"/>', parts=parts))


def test_a_strict_document_is_read() -> None:
    assert docx_text.read(package(p(r("chữ")), word=STRICT)).text == "chữ"


@pytest.mark.parametrize(
    "body",
    [
        p(r("Baùo caùo veà tình hình phaùt trieån kinh teá xaõ hoäi")),
        p(r("B¸o c¸o vÒ t×nh h×nh ph¸t triÓn kinh tÕ x· héi n¨m")),
        p(r("Bài viết về quê hương. " * 60)) + p(r("Nh©n d©n c¸c d©n téc n¨m", '<w:rFonts w:ascii=".VnTime"/>')),
        p(r("Bài viết về quê hương. " * 60))
        + p('<w:pPr><w:pStyle w:val="Cu"/></w:pPr>', r("Nh©n d©n c¸c d©n téc n¨m")),
    ],
)
def test_text_in_an_old_font_is_refused_with_what_to_do(body: str) -> None:
    with pytest.raises(docx_text.Unreadable) as refused:
        docx_text.read(package(body))
    assert "phông cũ" in refused.value.happened
    assert "UniKey" in refused.value.todo
    assert len(f"{refused.value.happened} {refused.value.todo}") <= 300


def test_unicode_left_in_an_old_font_is_read() -> None:
    words = "Báo cáo về tình hình phát triển kinh tế xã hội của tỉnh, nhân dân đoàn kết."
    assert text(p(r(words, '<w:rFonts w:ascii=".VnTime"/>'))) == words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_entities_are_refused_in_every_encoding(encoding: str) -> None:
    label = "UTF-8" if encoding == "utf-8" else "UTF-16"
    xml = f'<?xml version="1.0" encoding="{label}"?><!DOCTYPE d [<!ENTITY x "giấu">]><w:document xmlns:w="{W}"><w:body>{p(r("&x;"))}</w:body></w:document>'
    source = zipfile.ZipFile(io.BytesIO(docx_of("x")))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as box:
        for name in source.namelist():
            box.writestr(name, xml.encode(encoding) if name == "word/document.xml" else source.read(name))
    with pytest.raises(docx_text.Unreadable):
        docx_text.read(kept.getvalue())


MADE = {
    "names_everywhere.docx": "MOVEDTO câu đã chuyển đi.",
    "mixed.docx": "Một câu.",
    "altchunk2.docx": "đường làng sạch đẹp.",
    "essay-moved.docx": "Mùa vải chín đỏ đồi.\nQuê tôi bên sông Thương.",
    "essay-rel-null.docx": "Bài viết mở được bằng Word.",
    "essay-rel-top.docx": "Bài viết mở được bằng Word.",
}
REFUSED = {
    "vni_times.docx": "phông cũ",
    "tcvn3_vntime.docx": "phông cũ",
    "xml_xxe_utf16.docx": "hỏng",
    "docm_renamed.docx": "có macro (.docm)",
    "dotx_renamed.docx": "mẫu Word (.dotx)",
}


def test_known_difficult_files_are_read_or_named() -> None:
    folder = shared_data()
    if folder is None:
        lacking("data", "the difficult files are not on this machine")
    for name, words in MADE.items():
        found = docx_text.read((folder / "made" / name).read_bytes()).text
        assert words in found, name
        assert not any(hidden in found for hidden in ("HIDDENTEXT", "MOVEDFROM", "DELETED")), name
    for name, words in REFUSED.items():
        with pytest.raises(docx_text.Unreadable) as refused:
            docx_text.read((folder / "made" / name).read_bytes())
        assert words in refused.value.happened, name
