"""Names longer than the bank keeps: what is kept of them, and the sentence that says so; readers and the bank's writer call it."""

import hashlib

from question_bank.schema import Question

KEPT_CHAPTER = 200
KEPT_CODE = 60
_ENDING = 8


def chapter(name: str) -> str:
    """What the bank keeps of a chapter's name: its beginning."""
    return name[:KEPT_CHAPTER].rstrip()


def code(name: str) -> str:
    """What the bank keeps of a question's code: of a long one the beginning and a sign of all of it, so that two long codes stay two."""
    if len(name) <= KEPT_CODE:
        return name
    sign = hashlib.sha256(name.encode()).hexdigest()[:_ENDING]
    return f"{name[: KEPT_CODE - _ENDING - 1].rstrip()}-{sign}"


def told(question: Question, known: set[str]) -> dict[str, str]:
    """Which names of a question the bank shortens, "chapter" or "code", each with its sentence.

    `known` are the long chapters of the file that were told already; this one's is added, so that each is told once.
    """
    found = {}
    if len(question.chapter) > KEPT_CHAPTER and question.chapter not in known:
        known.add(question.chapter)
        found["chapter"] = (
            f"Tên chương dài {len(question.chapter)} ký tự; ngân hàng chỉ giữ {KEPT_CHAPTER} ký tự đầu, "
            f"đến “…{chapter(question.chapter)[-30:]}”."
        )
    if len(question.code) > KEPT_CODE:
        found["code"] = (
            f"Mã câu hỏi dài {len(question.code)} ký tự, nhiều nhất là {KEPT_CODE}; "
            f"ngân hàng giữ mã rút gọn “{code(question.code)}”."
        )
    return found
