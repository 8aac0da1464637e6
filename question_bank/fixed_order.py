"""Choices that speak of the other choices ("Cả A và B", "Tất cả các phương án trên"): their question must not be shuffled; `checks` calls it.

A question kept in order for nothing loses little, one shuffled against its sense is spoilt: in doubt the order is kept.
"""

import re
import unicodedata

_NOUN = r"(?:phương\ án(?:\ trả\ lời)?|câu\ trả\ lời|đáp\ án|lựa\ chọn|ý\ kiến|ý|câu|mục|điều|nội\ dung|trường\ hợp)"
_NAME = r"(?:phương\ án|đáp\ án|lựa\ chọn|ý|câu|mục)"
_REF = rf"(?:{_NAME}\s+)?[(\"“‘']?(?:[a-j1-9]|10)[)\"”’']?"
_AND = r"(?:\s*[,;./+&]\s*(?:và\s+)?|\s+(?:và|hoặc|hay|lẫn|cùng|and|or)\s+)"
_LETTER = rf"(?:{_NAME}\s+)?[(\"“‘']?[a-j][)\"”’']?"
_LETTERS = rf"{_LETTER}(?:{_AND}{_LETTER})+"
_SOME = r"(?:hai|ba|bốn|năm|[2-5])"
_VERDICT = r"(?:\s+(?:đều|là|cùng|are|is|both))*\s+(?:đúng|sai|chính\ xác|không\ đúng|được|correct|only|wrong|right|true|false)"
_ABOVE = r"(?:trên|ở\ trên|nêu\ trên|kể\ trên|đã\ nêu|vừa\ nêu|đã\ cho|dưới\ đây|còn\ lại|kia)"
_END = r"(?=$|[,;.:)]|\s+(?:đều|là|đúng|sai|không|cùng)(?!\w))"

_PATTERNS = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        # "Cả A và B", "gồm ý 1 và ý 2", wherever they stand.
        rf"\b(?:cả|gồm|both)\s+{_REF}(?:{_AND}{_REF})+(?!\w)",
        # Nothing but letters, perhaps with a verdict: "A, B đều đúng", "Chỉ A và C", "Không phải A, B".
        rf"^(?:(?:chỉ|có|không\ phải|không|trừ|các|cả|tất\ cả|{_SOME}|đồng\ thời|kết\ hợp)\s+)*{_LETTERS}(?:$|{_VERDICT}(?:$|\s*[,;]))",
        # The same with letters run together, in their order: "Cả ABC", "ABC đều đúng".
        rf"^(?:cả|tất\ cả)\s+(?=[a-j]{{2}})a?b?c?d?e?f?g?h?i?j?(?:{_VERDICT})?$",
        rf"^(?=[a-j]{{2}})a?b?c?d?e?f?g?h?i?j?\s+đều{_VERDICT}$",
        # A letter and its verdict: "Câu A đúng, câu B sai", "Chỉ có A đúng", "Trừ phương án C".
        rf"^(?:(?:chỉ|có)\s+)*{_LETTER}{_VERDICT}(?:$|\s*[,;]|\s+và\s)",
        rf"^(?:trừ|ngoài|không\ phải|giống|như)\s+(?:{_NAME}\s+)[a-j]$",
        # All of them, several of them: "Tất cả các ý trên", "Cả ba phương án", "Hai câu trên đều đúng".
        rf"^(?:tất\ cả|cả|mọi|toàn\ bộ)\s+(?:\w+\s+){{0,6}}{_ABOVE}{_END}",
        rf"(?:\bcả|tất\ cả|mọi)\s+(?:(?:{_SOME}|các|những|mọi)\s+)*{_NOUN}(?:\s+\w+){{0,3}}\s+(?:{_ABOVE}|nêu|đúng|sai){_END}",
        rf"(?:\bcả|tất\ cả)\s+{_SOME}\s+{_NOUN}(?!\w)",
        rf"^(?:các|những|{_SOME})\s+{_NOUN}\s+(?:\w+\s+){{0,2}}{_ABOVE}{_END}",
        r"^(?:tất\ cả|mọi)\s+(?:các\s+)?(?:phương\ án|đáp\ án|lựa\ chọn|câu\ trả\ lời)$",
        rf"^có\s+{_SOME}\s+(?:phương\ án|đáp\ án|câu\ trả\ lời|ý)\s+(?:trên\s+)?(?:đều\s+)?(?:đúng|sai)$",
        rf"^(?:không\ thuộc|không\ có\ trong|không\ nằm\ trong|ngoài|khác)\s+(?:(?:{_SOME}|các|những)\s+)*{_NOUN}\s+(?:\w+\s+){{0,2}}{_ABOVE}$",
        rf"^(?:tất\ cả|cả\ {_SOME})(?:(?:\s+đều)?\s+(?:không\ )?(?:đúng|sai|trên))?$",
        # None of them, another one: "Không có đáp án nào đúng", "Ý kiến khác".
        rf"^(?:không|chẳng)\s+(?:có\s+)?{_NOUN}(?:\s+nào)?(?:\s+\w+){{0,3}}\s+(?:{_ABOVE}|đúng|sai|kể|nêu|phù\ hợp){_END}",
        rf"^(?:không|chẳng)\s+(?:có\s+)?{_NAME}\s+nào$",
        r"^(?:một\s+|các\s+)?(?:phương\ án|đáp\ án|ý\ kiến|câu\ trả\ lời|lựa\ chọn)\s+khác$",
        r"\b(?:all|none|both|neither)\s+of\s+(?:the\s+above|these|them)\b|^all\s+the\s+above\b",
        rf"^(?:both|neither|either|only)\s+{_LETTER}(?:\s+(?:and|or|nor|&)\s+{_LETTER})?(?:{_VERDICT})?$",
        rf"^(?:all|both|none|neither){_VERDICT}$",
    )
)
_NOTE = re.compile(r"\([^()]{4,}\)")


def speaks_of_others(text: str) -> bool:
    """Whether the words of one choice refer to other choices, by letter or as a whole."""
    words = unicodedata.normalize("NFC", text).lower()
    plain = " ".join(_NOTE.sub(" ", words).split()).strip(" .,;:!…’'\"“”*-–•")
    return any(pattern.search(plain) for pattern in _PATTERNS)
