"""Guards Enter: in a field it presses the first submit button of the form, which must never be one that ends or records something.

Every page that any test fetches is looked at by tests/pages.py; here stands that the guard sees the mistake, and which buttons Enter may press.
"""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests import enter, pages
from tests.house.source import ROOT

# The buttons that Enter may press, with what they do: begin a session, keep a draft, say who one is, or only look.
MEANT = {
    "accounts/identity.html": ["Lưu thông tin"],
    "accounts/password.html": ["Đổi mật khẩu"],
    "accounts/recover.html": ["Đặt mật khẩu mới"],
    "accounts/register.html": ["Đăng ký"],
    "accounts/sign_in.html": ["Đăng nhập"],
    "accounts/sign_in_again.html": ["Đăng nhập và xem lại"],
    "backoffice/bank_blueprint.html": ["Kiểm tra"],
    "backoffice/bank_preview.html": ["Tiếp: xem việc sẽ làm"],
    "backoffice/bank_upload.html": ["Xem trước"],
    "backoffice/regrade_question.html": ["Xem trước"],
    "backoffice/round_change.html": ["Xem những gì sẽ đổi"],
    "backoffice/round_new.html": ["Tiếp: thể lệ", "Tiếp: xem lại"],
    "essay/edit.html": ["Xem trước"],
    "judging/_photo_marks.html": ["Lưu nháp"],
    "judging/_scorecard.html": ["Lưu nháp"],
    "photo/edit.html": ["Lưu bản nháp"],
    "quiz/attempt.html": ["Lưu bài"],
}
BUTTON = re.compile(r"<button[^>]*\sdata-enter[^>]*>(.*?)</button>", re.S)
EXPRESSION = re.compile(r"\{\{.*?\}\}")


def meant(folder: Path) -> dict[str, list[str]]:
    """The words of the buttons that Enter may press, by template."""
    found = {
        page.relative_to(folder).as_posix(): [
            EXPRESSION.sub("", words).strip() for words in BUTTON.findall(page.read_text(encoding="utf-8"))
        ]
        for page in sorted(folder.rglob("*.html"))
    }
    return {page: words for page, words in found.items() if words}


def test_enter_presses_only_what_is_listed_here() -> None:
    assert meant(ROOT / "templates") == MEANT


FIELD = '<label>Lý do <input name="reason"></label>'
STAY = '<button type="submit" formaction="/o-lai" formmethod="post" formnovalidate data-stay>Ở lại</button>'
END = '<button type="submit" name="act" value="sign">Ký</button>'


@pytest.mark.parametrize(
    "form",
    [
        f'<form method="post">{FIELD}{END}</form>',
        f'<form method="post">{FIELD}{END}{STAY}</form>',
        f'<form method="post" id="bulk"></form>{FIELD.replace("name", "form=bulk name")}<button form="bulk">Hủy</button>',
        '<form method="post"><label>A <input type="checkbox" name="a"></label><button>Nộp</button></form>',
        '<form method="post"><label>A <select name="a"><option>1</option></select></label><input type="submit" value="Xóa"></form>',
        f'<form method="post">{FIELD}<button type="button">Thêm</button>{END}</form>',
        f'<form method="post">{FIELD}<button formaction="/o-lai">Ở lại</button>{END}</form>',
    ],
)
def test_guard_sees_a_form_in_which_enter_ends_something(form: str) -> None:
    assert len(enter.faults(pages.parsed(form)[0])) == 1


@pytest.mark.parametrize(
    "form",
    [
        f'<form method="post">{STAY}{FIELD}{END}</form>',
        f'<form method="post">{FIELD}<button data-enter>Lưu nháp</button>{END}</form>',
        f'<form method="post" id="bulk">{STAY}</form>{FIELD.replace("name", "form=bulk name")}<button form="bulk">Hủy</button>',
        f'<form method="post"><textarea name="reason"></textarea><input type="hidden" name="a">{END}</form>',
        f"<form>{FIELD}<button>Tìm</button></form>",
    ],
)
def test_guard_lets_a_form_pass_in_which_enter_is_harmless(form: str) -> None:
    assert enter.faults(pages.parsed(form)[0]) == []


def test_button_that_goes_nowhere_leaves_the_page_and_asks_for_no_token(client: FlaskClient) -> None:
    reply = client.post(enter.NOWHERE, data={"reason": "Họp Ban Tổ chức"})

    assert (reply.status_code, reply.data) == (204, b"")
