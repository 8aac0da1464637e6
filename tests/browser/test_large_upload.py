"""A file that is far too large: the browser shows the sentence, not a broken connection."""

from collections.abc import Callable
from pathlib import Path

import pytest

from contest.demo import people
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_file_of_fifty_megabytes_is_refused_with_a_sentence(visitor: Callable[..., Visitor], tmp_path: Path) -> None:
    person, file = visitor("phone"), tmp_path / "ngan-hang.docx"
    with file.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    person.sign_in(people.ORGANIZER)
    person.open("/ban-dieu-hanh/cau-hoi/nhap")
    person.forgiven = ("413",)

    person.page.locator("input[type=file]").set_input_files(file)
    person.page.get_by_role("button", name="Xem trước").click()

    person.heading("Tệp hoặc nội dung quá lớn")
    person.says("Bạn chọn tệp nhỏ hơn")
