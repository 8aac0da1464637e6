"""A receipt that its owner keeps and anybody can check: the file tells what the seal is made of, the page whether it still holds."""

import hashlib
import re

from contest.core.db import db, unit_of_work
from contest.quiz.models import Attempt
from tests.addresses import of_attempt
from tests.quiz.conftest import Quiz

CHECK = "/kiem-tra-bien-nhan"


def handed_in(quiz: Quiz) -> int:
    attempt_id = quiz.begin()
    quiz.hand_in(attempt_id, sequence=1, changes={0: "2", 3: "8"}, prediction=1250)
    return attempt_id


def test_file_of_the_receipt_holds_the_lines_that_its_seal_is_made_of(quiz: Quiz) -> None:
    attempt_id = handed_in(quiz)
    kept = quiz.attempt(attempt_id)

    reply = quiz.client().get(of_attempt(quiz.app, attempt_id, "/bien-nhan.txt"))

    lines = reply.text.strip().rsplit("\n", 4)[1:]
    assert reply.headers["Content-Disposition"] == f'attachment; filename="bien-nhan-{kept.receipt}.txt"'
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == kept.digest
    assert kept.digest in reply.text


def test_receipt_is_found_whole_by_anybody_without_a_name(quiz: Quiz) -> None:
    kept = quiz.attempt(handed_in(quiz))

    page = quiz.app.test_client().get(CHECK, query_string={"ma": kept.receipt.lower()}).text

    assert "Biên nhận có thật" in page
    assert " ".join(re.findall("....", kept.digest)) in page
    assert "không còn khớp" not in page
    assert "Nguyễn Thử Hạnh" not in page
    assert kept.answers not in page


def test_answers_changed_behind_the_back_of_a_receipt_are_told(quiz: Quiz) -> None:
    attempt_id = handed_in(quiz)
    kept = quiz.attempt(attempt_id)
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Attempt, attempt_id).answers = "4" * len(kept.answers)

    page = quiz.app.test_client().get(CHECK, query_string={"ma": kept.receipt}).text

    assert "Bài không còn khớp với mã đối chiếu" in page
    assert kept.digest[:8] not in page.replace(" ", "")


def test_attempt_that_is_being_sat_has_no_receipt_yet(quiz: Quiz) -> None:
    reply = quiz.client().get(of_attempt(quiz.app, quiz.begin(), "/bien-nhan.txt"))

    assert reply.status_code == 404
    assert "chưa có biên nhận" in reply.text
