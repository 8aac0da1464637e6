"""What a stranger's file is, in Vietnamese words, where it is not of the kind that was asked for; pure, the rooms that take files ask."""

import io
import re
import zipfile

from contest.core.uploads import View

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_OFFICE = "tệp Office đời cũ (.doc, .xls hoặc .ppt)"
_DOC, _XLS, _PPT = "tệp Word đời cũ (.doc)", "bảng tính Excel đời cũ (.xls)", "bài trình chiếu PowerPoint đời cũ (.ppt)"
# The class of the program, as the root of the file tells it; where it tells none, the names of its streams.
_CLASSES = {
    bytes.fromhex("0609020000000000c000000000000046"): _DOC,
    bytes.fromhex("0009020000000000c000000000000046"): _DOC,
    bytes.fromhex("1008020000000000c000000000000046"): _XLS,
    bytes.fromhex("2008020000000000c000000000000046"): _XLS,
    bytes.fromhex("108d81649b4fcf1186ea00aa00b929e8"): _PPT,
}
_STREAMS = {
    "WordDocument": _DOC,
    "Workbook": _XLS,
    "Book": _XLS,
    "PowerPoint Document": _PPT,
    "__properties_version1.0": "thư lưu từ Outlook (.msg)",
    "VisioDocument": "bản vẽ Visio (.vsd)",
}
_FOLDERS = {"word/": "", "xl/": "bảng tính Excel (.xlsx)", "ppt/": "bài trình chiếu PowerPoint (.pptx)"}
_TYPES = (
    (rb"ms-word\.document\.macroEnabled", "tệp Word có macro (.docm)"),
    (rb"ms-word\.template\.macroEnabled", "tệp mẫu Word có macro (.dotm)"),
    (rb"wordprocessingml\.template\.main", "tệp mẫu Word (.dotx)"),
    (rb"(spreadsheetml|ms-excel)\.\w+", _FOLDERS["xl/"]),
    (rb"(presentationml|ms-powerpoint)\.\w+", _FOLDERS["ppt/"]),
)
_MAIN_OF_WORD = re.compile(rb"wordprocessingml\.document\.main")
_OPEN_KINDS = {
    b"application/vnd.oasis.opendocument.text": "tệp OpenDocument (.odt)",
    b"application/vnd.oasis.opendocument.spreadsheet": "bảng tính OpenDocument (.ods)",
    b"application/vnd.oasis.opendocument.presentation": "bài trình chiếu OpenDocument (.odp)",
    b"application/epub+zip": "sách điện tử (.epub)",
}


def old_office(content: View) -> str:
    """Which of the old kinds of Office an OLE file is."""
    sector = 1 << (int.from_bytes(content[30:32], "little") & 15)
    root = sector * (int.from_bytes(content[48:52], "little") + 1)
    known = _CLASSES.get(content[root + 80 : root + 96])
    places = ((content.find((name + "\0").encode("utf-16-le")), words) for name, words in _STREAMS.items())
    return known or min((place for place in places if place[0] >= 0), default=(0, _OLD_OFFICE))[1]


def packed(content: bytes) -> str:
    """What a zip holds, when it is no .docx: a kind of Office or OpenDocument by its own words, else an archive. Empty for a .docx."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            return _packed(box)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, LookupError):
        return "tệp nén hoặc tài liệu Office bị hỏng"


def _packed(box: zipfile.ZipFile) -> str:
    names = set(box.namelist())
    if "[Content_Types].xml" in names:
        with box.open("[Content_Types].xml") as stream:
            types = stream.read(1_000_000).replace(b"\0", b"")
        if _MAIN_OF_WORD.search(types):
            return ""
        found = next((words for kind, words in _TYPES if re.search(kind, types)), "")
        return found or next(
            (words for folder, words in _FOLDERS.items() if any(n.startswith(folder) for n in names)), ""
        )
    if "mimetype" in names:
        with box.open("mimetype") as stream:
            return _OPEN_KINDS.get(stream.read(100).strip(), "tệp OpenDocument")
    if any(name.endswith(".iwa") for name in names):
        return "tệp Pages, Numbers hoặc Keynote của Apple"
    return "tệp nén"
