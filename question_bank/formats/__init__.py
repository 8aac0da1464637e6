"""Question files of every kind the bank reads; the import pages call `read`, scripts the modules themselves.

Each format is one module with `read(text | bytes) -> Parsed` and `write(questions) -> str`.
"""

from question_bank.formats import gift, jsonl
from question_bank.formats.decoding import decode
from question_bank.schema import Parsed, Problem

MAX_BYTES = 10_000_000


def read(filename: str, data: bytes) -> Parsed:
    """The questions of a file, its format told by the name's ending or, failing that, by the content.

    Never raises for what a file holds: whatever cannot be read is a Problem with its line and a Vietnamese sentence.
    """
    if len(data) > MAX_BYTES:
        return _refused(f"Tệp quá lớn: nhiều nhất {MAX_BYTES // 1_000_000} MB. Hãy chia thành nhiều tệp.")
    if data[:4] == b"PK\x03\x04" or data[:5] == b"%PDF-" or data[:4] == b"\xd0\xcf\x11\xe0":
        return _refused("Đây không phải tệp văn bản. Hãy lưu câu hỏi ở dạng GIFT (.gift, .txt) hoặc JSONL (.jsonl).")
    text, problems = decode(data)
    if not text.strip():
        return _refused("Tệp không có nội dung.")
    ending = filename.rpartition(".")[2].lower()
    opens = text.lstrip()[:1] in ("{", "[")
    if ending in ("jsonl", "ndjson", "json") and not opens:
        return _refused("Tệp không đúng dạng JSONL: mỗi dòng phải là một câu hỏi trong dấu { }.")
    looks_json = (
        opens and ending != "gift" and not text.lstrip().startswith(("[html]", "[markdown]", "[plain]", "[moodle]"))
    )
    parsed = jsonl.read(text) if looks_json else gift.read(text)
    if not (parsed.questions or parsed.problems or parsed.unsupported):
        return _refused("Tệp không có câu hỏi nào.")
    return Parsed(parsed.questions, (*problems, *parsed.problems), parsed.unsupported)


def _refused(message: str) -> Parsed:
    return Parsed(problems=(Problem(None, message),))
