"""The pages of the desk on which a changed key is previewed, waited for and made."""

import re

import pytest

from contest.core.db import unit_of_work
from contest.quiz import jobs, service
from contest.quiz.queries.previews import WAITING
from tests import pages
from tests.quiz.previewing import Make, break_off, over
from tests.quiz.test_regrade import run
from tests.signed_in import csrf_token

pytestmark = pytest.mark.both_databases


def test_desk_previews_and_changes_a_key(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai"
    desk = quiz.client(quiz.organizer_id)
    token = csrf_token(desk)

    listed = desk.get(f"{address}?tim=t0").text
    asked = desk.get(f"{address}/{wanted.version_id}").text
    sent = desk.post(f"{address}/{wanted.version_id}/xem-truoc", data={"csrf_token": token, "cach": "any"})
    said = pages.get(desk, sent.headers["Location"])
    same = desk.post(f"{address}/{wanted.version_id}/xem-truoc", data={"csrf_token": token, "cach": "key"})
    blind = desk.post(f"{address}/{wanted.version_id}", data={"csrf_token": token, "cach": "any", "reason": "Mơ hồ"})
    made = desk.post(
        f"{address}/{wanted.version_id}",
        data={"csrf_token": token, "cach": "any", "reason": "Mơ hồ", "xem": token_on(said.reply.text)},
    )
    running, told = desk.get(address).text, desk.get(f"{address}/tien-do").get_json()
    run(quiz)
    done, over_now = desk.get(address).text, desk.get(f"{address}/tien-do").get_json()

    assert "T00" in listed
    assert "Xem trước" in asked
    assert sent.status_code == 303
    assert "lượt tăng điểm" in said.text
    assert same.status_code == 422
    assert blind.status_code == 400
    assert made.status_code == 302
    assert "Đang chấm lại" in running
    assert told == {"running": True, "shown": "đã xem 0 lượt có câu này, 0 lượt đổi điểm"}
    assert "Đã chấm lại" in done
    assert over_now["running"] is False


def test_desk_shows_how_far_a_large_preview_is_then_its_result_then_that_it_is_old(
    make_quiz: Make, large: None
) -> None:
    quiz, attempts, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}"
    desk = quiz.client(quiz.organizer_id)

    before = desk.get(f"{address}?cach=dropped").text
    desk.post(f"{address}/xem-truoc", data={"csrf_token": csrf_token(desk), "cach": "dropped"})
    waiting = desk.get(f"{address}?cach=dropped").text
    told = desk.get(f"{address}/tien-do?cach=dropped").get_json()
    run(quiz, jobs.preview_keys)
    after = desk.get(f"{address}?cach=dropped").text
    gone = desk.get(f"{address}/tien-do?cach=dropped").get_json()
    with quiz.app.app_context(), unit_of_work():
        service.annul(attempt_id=attempts[0], actor_id=quiz.organizer_id, reason="Thi hộ")
    old = desk.get(f"{address}?cach=dropped").text

    assert "Chưa có bản xem trước" in before
    assert "Đang tính bản xem trước" in waiting
    assert "Xem đã đến đâu" in waiting
    assert told == {"running": True, "done": 0, "total": 100, "shown": "0%"}
    assert gone["running"] is False
    assert "Đổi và chấm lại" in after
    assert "Bản xem trước này đã cũ" in old
    assert "doi-dap-an" not in old


def test_preview_that_broke_off_is_told_until_it_is_asked_for_again(make_quiz: Make, large: None) -> None:
    quiz, _, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}"
    desk = quiz.client(quiz.organizer_id)
    asked = {"csrf_token": csrf_token(desk), "cach": "dropped"}
    desk.post(f"{address}/xem-truoc", data=asked)
    with quiz.app.app_context():
        break_off(WAITING)

    failed = pages.get(desk, f"{address}?cach=dropped")
    again = pages.inspected(desk, desk.post(f"{address}/xem-truoc", data=asked, follow_redirects=True))

    assert "bản xem trước bị dừng giữa chừng" in failed.text
    assert "Đang tính bản xem trước" in again.text


def test_strange_choices_in_the_address_are_no_error(make_quiz: Make) -> None:
    quiz, _, wanted = over(make_quiz)
    address = f"/ban-dieu-hanh/dot-thi/{quiz.round_id}/cham-lai/{wanted.version_id}"
    desk = quiz.client(quiz.organizer_id)
    token = {"csrf_token": csrf_token(desk)}

    assert desk.get(f"{address}?cach=khong-co").status_code == 200
    assert desk.get(f"{address}?cach=key&dung=9&dung=x").status_code == 422
    assert desk.get(f"{address}/tien-do?cach=x").get_json()["running"] is False
    assert desk.post(f"{address}/xem-truoc", data=token).status_code == 400
    assert desk.post(address, data={**token, "reason": "x"}).status_code == 400
    assert desk.get(f"{address.removesuffix(str(wanted.version_id))}999999?cach=any").status_code == 404


def token_on(html: str) -> str:
    found = re.search(r'name="xem" value="([^"]+)"', html)
    assert found
    return found[1]
