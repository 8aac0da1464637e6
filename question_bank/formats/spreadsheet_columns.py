"""The columns of a table of questions, found by their headings in any order and spelling; the row reader calls it."""

import re
from dataclasses import dataclass, field

from question_bank.formats.spreadsheet_cells import Cell, Row, column_name, folded
from question_bank.schema import MIN_CHOICES

# A column past the last letter that a question may have is still recognised, so that its choice is not lost silently.
CHOICE_LETTERS = "ABCDEFGHIJKL"

_NAMES = {
    "stem": (
        "cau hoi|noi dung|noi dung cau hoi|cau hoi noi dung|noi dung cau|cau dan|phan dan|loi dan|de bai|question|"
        "question text|stem"
    ),
    "key": (
        "dap an|dap an dung|phuong an dung|cau tra loi dung|tra loi dung|lua chon dung|dap an chon|da|khoa|key|"
        "answer|correct|correct answer|answer key"
    ),
    "chapter": "chuong|chu de|chuong chu de|chuong muc|chuyen de|phan|phan thi|bai|linh vuc|chapter|topic|category",
    "difficulty": "do kho|muc do|muc do kho|cap do|muc do nhan thuc|difficulty|level",
    "source": "nguon|tai lieu|nguon tai lieu|tai lieu nguon|van ban|can cu|trich nguon|nguon trich|xuat xu|source",
    "locator": "vi tri|vi tri trong nguon|trang|so trang|dieu|dieu khoan|trang dieu|trich dan|locator|page",
    "tags": "nhan|the|tag|tags|tu khoa|keyword|keywords",
    "code": "ma|ma cau|ma cau hoi|ma so|ky hieu|id|code",
    "pinned": (
        "giu thu tu|giu nguyen thu tu|giu nguyen|co dinh|co dinh thu tu|khong dao|khong xao tron|khong tron|pinned"
    ),
    "feedback": (
        "giai thich|loi giai|loi giai thich|giai thich dap an|huong dan giai|phan hoi|goi y|feedback|explanation"
    ),
}
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_HEADING_MOST = 120
_NUMBERING = frozenset(["stt", "tt", "so thu tu", "so tt", "no", "so", "cau", "cau so", ""])
_CHOICE = re.compile(
    r"(?:(?:cac )?(?:phuong an|lua chon|cau tra loi|tra loi|dap an|pa|y|option|choice|answer) ?)?([a-l]|[1-9]|1[0-2])"
)
_EXPLAINED = re.compile(r"(?:giai thich|phan hoi|feedback)(?: phuong an| lua chon)? ([a-l]|[1-9]|1[0-2])")

TITLES = {
    "stem": "Câu hỏi",
    "key": "Đáp án",
    "chapter": "Chương",
    "difficulty": "Độ khó",
    "source": "Nguồn",
    "locator": "Vị trí",
    "tags": "Nhãn",
    "code": "Mã",
    "pinned": "Giữ thứ tự",
    "feedback": "Giải thích",
}


@dataclass(slots=True)
class Columns:
    """Which column holds what: `roles` by the names of TITLES, choices and their explanations by place from 0; `last` is the last that has a heading."""

    roles: dict[str, int] = field(default_factory=dict)
    choices: dict[int, int] = field(default_factory=dict)
    feedbacks: dict[int, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    last: int = 0

    @property
    def complete(self) -> bool:
        """Whether questions can be read from these columns."""
        return "stem" in self.roles and "key" in self.roles and len(self.choices) >= MIN_CHOICES

    @property
    def missing(self) -> list[str]:
        """The titles of the columns that are due and absent."""
        names = [TITLES[role] for role in ("stem", "key") if role not in self.roles]
        return names + [letter for place, letter in enumerate("AB") if place not in self.choices]

    @property
    def found(self) -> int:
        """How many columns were recognised."""
        return len(self.roles) + len(self.choices) + len(self.feedbacks)


def columns(row: Row) -> Columns:
    """What the headings of a row say; `complete` tells whether it is a row of headings at all."""
    found = Columns(last=max(row.cells, default=0))
    for column, cell in sorted(row.cells.items()):
        _place(found, column, cell)
    return found


def _place(found: Columns, column: int, cell: Cell) -> None:
    if len(cell.text) > _HEADING_MOST:
        return
    name = folded(re.sub(r"\([^)]*\)|\*", " ", cell.text))
    if choice := _CHOICE.fullmatch(name):
        taken, place = found.choices, _number(choice[1])
    elif explained := _EXPLAINED.fullmatch(name):
        taken, place = found.feedbacks, _number(explained[1])
    elif name in _ROLES:
        if _ROLES[name] in found.roles:
            _ignored(found, column, cell, "trùng với một cột trước")
        else:
            found.roles[_ROLES[name]] = column
        return
    else:
        if name not in _NUMBERING:
            _ignored(found, column, cell, "không thuộc mẫu")
        return
    if place in taken:
        _ignored(found, column, cell, "trùng với một cột trước")
    else:
        taken[place] = column


def _number(name: str) -> int:
    return int(name) - 1 if name.isdigit() else CHOICE_LETTERS.index(name.upper())


def _ignored(found: Columns, column: int, cell: Cell, why: str) -> None:
    title = " ".join(cell.text.split())[:60]
    found.remarks.append(f"Cột {column_name(column)} “{title}” {why} nên không được đọc.")
