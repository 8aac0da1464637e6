"""Guards what pages promise: nothing that neither a page nor an act of the desk does."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

# Each with what would have to be there before the words may come back.
NOT_THERE = {
    "another phone or e-mail for an account": r"(điện thoại|thư điện tử)[^.]{0,40} đổi (giúp|được)",
    "deletion once somebody took part": r"yêu cầu xóa",
    "withdrawing consent by oneself": r"rút lại [^.]{0,40}trong mục Tài khoản",
    "certificates and their check": r"(?<!cấp )giấy chứng nhận",
    "making records anonymous": r"ẩn danh",
}
SPOKEN = [
    *sorted((ROOT / "templates").rglob("*.html")),
    *sorted((ROOT / "contest" / "demo").rglob("*.md")),
    *sorted((ROOT / "contest" / "accounts").rglob("*.py")),
]


def promised(text: str) -> list[str]:
    """What the words promise of the things that are not there; comments promise nothing."""
    said = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    return [thing for thing, words in NOT_THERE.items() if re.search(words, said, re.IGNORECASE)]


@pytest.mark.parametrize(
    "text",
    [
        "Số điện thoại và thư điện tử do Ban Tổ chức đổi giúp.",
        "Bạn gửi yêu cầu xóa tới Ban Tổ chức.",
        "rút lại đồng ý bất cứ lúc nào, trong mục Tài khoản",
        "Kiểm tra biên nhận, giấy chứng nhận",
        "rồi xóa hoặc ẩn danh theo quy định",
    ],
)
def test_guard_sees_a_promise(text: str) -> None:
    assert len(promised(text)) == 1


def test_no_page_promises_what_is_not_there() -> None:
    found = {
        str(path.relative_to(ROOT)): things for path in SPOKEN if (things := promised(path.read_text(encoding="utf-8")))
    }
    # The rail names a page of certificates and shows it only where there is one.
    found.pop(str(Path("templates") / "layouts" / "_rail.html"), None)

    assert found == {}
