"""Where a text says what looks like anybody's: numbers, addresses, schools, classes, introductions; `leaks` calls it."""

import re
from collections.abc import Iterator

from contest.core.vietnamese import fold
from contest.entries.leaks_own import Place, number_runs
from contest.entries.leaks_reading import Reading

# Mobile numbers have 9 digits after the trunk prefix 0 or the country code and begin with 3, 5, 7, 8 or 9; fixed lines 10, beginning with 2.
_PHONE = re.compile(r"(?<![\d.,/])(?:\+?84[ .\-]?|0)(?:[35789]|2\d)(?:[ .\-]?\d){8}(?![\d/]|[.,]\d)")
_SAID = re.compile(r"0(?:[35789]\d{8}|2\d{9})")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{2,63}){1,4}")
_SAID_EMAIL = re.compile(
    r"\b[\w.]{1,40}(?: chấm [\w.]{1,40}){0,4} (?:at|a còng|a móc) [\w.]{1,40}(?: chấm \w{2,20}){1,3}\b", re.IGNORECASE
)
_LINK = re.compile(r"(?i)\b(?:facebook|fb|zalo|tiktok|instagram|youtube|threads|twitter|x)\.(?:com|me|vn)/[\w.@/\-]+")
# Province of birth 001 to 096, then sex and century, the year, six digits.
_IDENTITY = re.compile(r"(?<![\d.,/])0(?:0[1-9]|[1-8]\d|9[0-6])[ .]?[0-3]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\d/]|[.,]\d)")
_OLD_IDENTITY = re.compile(
    r"(?i:\b(?:cmnd|cccd|chứng minh(?: nhân dân| thư)?|căn cước(?: công dân)?))[^\n\d]{0,12}(\d{9}(?:\d{3})?)(?!\d)"
)
_UPPER = "".join(map(chr, filter(lambda code: chr(code).isupper(), range(0x41, 0x1EFA))))
_GAP = r"[^\S\n]+"
_NAME = rf"[{_UPPER}]\w*"
_LEVEL = r"(?:PT)?(?:THPT|THCS|TH)|PTDT|(?i:trung học phổ thông|trung học cơ sở|tiểu học|mầm non)"
# A capital after the level makes it one school's name; "trường tiểu học ở miền núi" names none.
_SCHOOL = re.compile(
    rf"\b(?i:trường){_GAP}(?:{_LEVEL})(?:{_GAP}(?i:chuyên|số \d+|(?:dân tộc )?(?:nội|bán) trú))?(?:{_GAP}{_NAME}){{1,4}}"
)
_FAMILY_NAMES = "nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|giáp|thân|hà|chu|tạ|trịnh|đinh|đoàn|lương|mai|tô|cao|la|quách"
_SMALL_SCHOOL = re.compile(
    rf"\btrường{_GAP}(?:thpt|thcs|tiểu học|mầm non){_GAP}((?:{_FAMILY_NAMES})(?:{_GAP}[^\W\d_]+){{1,3}}|[^\W\d_]+{_GAP}[^\W\d_]+)"
)
_CLASS = re.compile(
    r"\b(?i:tôi|em|cháu|mình|con|học sinh|lớp trưởng|bí thư chi đoàn)\b[^.\n]{0,25}\blớp\s+(?:1[0-2]|[1-9])\s?[A-ZĐa-zđ]\d{0,2}\b"
)
_ME = r"\b(?i:tôi|em|cháu|mình)"
_JOBS = (
    "chủ tịch|phó chủ tịch|bí thư|phó bí thư|trưởng|phó|giám đốc|phó giám đốc|hiệu trưởng|hiệu phó|giáo viên|cán bộ|công chức|viên chức|"
    "nhân viên|kế toán|văn thư|bác sĩ|y sĩ|điều dưỡng|học sinh|sinh viên|đoàn viên|đảng viên|hội viên|công nhân|chiến sĩ|công an|bộ đội|trưởng thôn"
)
_SHORT = rf"(?:[{_UPPER}]\w?\.(?={_GAP}[{_UPPER}])|{_NAME})"
_DASH = r"[:–—\-]"
_I_AM = re.compile(
    rf"{_ME}{_GAP}là(?:{_GAP}{_NAME}){{2,5}}"
    rf"|{_ME}{_GAP}(?:hiện )?(?:đang )?(?:là|làm){_GAP}(?i:{_JOBS})\b(?:{_GAP}[\w/]+){{0,6}}?{_GAP}"
    rf"(?i:xã|phường|thị trấn|thôn|làng|tổ dân phố|trường|chi bộ|đảng bộ|công ty|hợp tác xã|bệnh viện|trạm y tế|phòng|ban|sở){_GAP}(?:\w+{_GAP}){{0,4}}?{_NAME}(?:{_GAP}{_NAME})*"
    rf"|{_ME}{_GAP}(?:họ{_GAP})?tên{_GAP}(?:là{_GAP})?\w+(?:{_GAP}{_NAME}){{0,5}}"
    rf"|\b(?i:họ và tên|họ tên|tác giả|người viết|người chụp)[^\S\n]*{_DASH}{_GAP}{_SHORT}(?:{_GAP}{_SHORT}){{1,5}}"
)


def places(text: Reading, names_of_places: frozenset[str]) -> Iterator[Place]:
    """Each of them; an introduction by a place that speaks is none."""
    words = text.words
    said = _SAID_EMAIL.finditer(words) if " chấm " in words.lower() else ()
    yield from (("any-email", match.start(), match.end()) for match in said)
    for kind, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        yield from ((f"any-{kind}", match.start(), match.end()) for match in pattern.finditer(words))
    yield from (
        ("any-phone", start, end)
        for start, end, digits in number_runs(text)
        if _is_said_phone(words[start:end], digits)
    )
    yield from (("identity", match.start(), match.end()) for match in _IDENTITY.finditer(words))
    yield from (("identity", match.start(1), match.end(1)) for match in _OLD_IDENTITY.finditer(words))
    for kind, pattern in (("link", _LINK), ("school", _SCHOOL), ("class", _CLASS)):
        yield from ((kind, match.start(), match.end()) for match in pattern.finditer(words))
    for match in _SMALL_SCHOOL.finditer(words):
        if match.group(1).split()[0] in _FAMILY_NAMES.split("|") or fold(match.group(1)) in names_of_places:
            yield "school", match.start(), match.end()
    for match in _I_AM.finditer(words):
        who, _, named = fold(match.group()).partition(" la ")
        if " " in who or named not in names_of_places:
            yield "i-am", match.start(), match.end()


def _is_said_phone(shown: str, digits: str) -> bool:
    """True for a telephone number in words or with letters for digits, which the plain pattern does not know."""
    return bool(_SAID.fullmatch(digits)) and (
        not any(sign.isdigit() for sign in shown) or any(sign.isalpha() for sign in shown)
    )
