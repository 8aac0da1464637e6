"""The track's page: what a citizen sees first when rules changed, the round paused, or the close is near; the full rules fold below."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask.testing import FlaskClient

from contest.contests import service as contests
from contest.contests.models import Round
from contest.contests.needs import Needs
from contest.contests.rules import QuizParams
from contest.core import clock
from contest.core.db import db, unit_of_work
from tests import pages
from tests.quiz.conftest import Quiz

HOME = "/thi-trac-nghiem"


def track_of(quiz: Quiz, client: FlaskClient | None = None) -> str:
    """The page's words."""
    return pages.get(client or quiz.client(), HOME).text


def give_more_time(quiz: Quiz, minutes: int) -> None:
    with quiz.app.app_context(), unit_of_work():
        params = db.session.get_one(Round, quiz.round_id).rules
        assert isinstance(params, QuizParams)
        contests.change_rules(
            round_id=quiz.round_id,
            params=replace(params, minutes=minutes),
            actor_id=quiz.organizer_id,
            reason="Đề dài",
            begun=False,
        )


def test_time_of_an_attempt_stands_before_the_button_and_the_rules_after_it(quiz: Quiz) -> None:
    page = track_of(quiz)

    given = page.index("Bắt đầu bây giờ, bạn có 15 phút để làm 10 câu.")
    assert given < page.index("Bắt đầu làm bài") < page.index("Đọc đủ") < page.index("Mỗi đề có 10 câu hỏi")


def test_rules_changed_today_stand_first_and_yesterdays_only_among_the_rules(
    make_quiz: Callable[..., Quiz],
) -> None:
    quiz = make_quiz(hide_counters=True)
    give_more_time(quiz, 20)
    page = track_of(quiz)
    assert page.index("Thời gian làm bài: nay là 20 phút, trước là 15 phút.") < page.index("Bắt đầu làm bài")
    assert "Thể lệ vừa đổi lúc" in page

    with clock.shifted(timedelta(days=1)):
        page = track_of(quiz)
    assert "Thể lệ vừa đổi lúc" not in page
    assert page.index("Bắt đầu làm bài") < page.index("Điều chỉnh thể lệ")


def test_pause_stands_first_with_its_reason_and_there_is_no_button(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        contests.pause(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason="Mất điện ở Lục Nam")
    page = track_of(quiz)
    assert page.index("Đợt 1 đang tạm dừng từ") < page.index("Mất điện ở Lục Nam") < page.index("Đọc đủ")
    assert "Bắt đầu làm bài" not in page

    with quiz.app.app_context(), unit_of_work():
        contests.resume(round_id=quiz.round_id, actor_id=quiz.organizer_id, reason="Có điện")
    page = track_of(quiz)
    assert page.index("Hôm nay đợt thi đã tạm dừng") < page.index("Bắt đầu làm bài")


def test_round_about_to_close_says_how_few_minutes_an_attempt_has(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        db.session.get_one(Round, quiz.round_id).closes_at = clock.now() + timedelta(minutes=7, seconds=30)

    page = track_of(quiz)
    assert "Đợt sắp đóng: bắt đầu bây giờ bạn chỉ có 7 phút" in page
    assert "Bình thường là 15 phút, nhưng đợt đóng là hết giờ." in page


def test_last_minute_before_the_close_is_said_in_words_and_that_the_attempt_counts(
    make_quiz: Callable[..., Quiz],
) -> None:
    quiz = make_quiz(attempts=2)
    with quiz.app.app_context():
        end = db.session.get_one(Round, quiz.round_id).closes_at
    with clock.frozen(end - timedelta(seconds=40)):
        page = track_of(quiz)

    assert "Đợt sắp đóng: còn chưa đầy một phút để làm bài" in page
    assert "chưa kịp trả lời câu nào mà lượt thi vẫn bị tính" in page
    assert "0 phút" not in page


def test_person_with_more_time_reads_the_time_that_is_theirs(quiz: Quiz) -> None:
    with quiz.app.app_context(), unit_of_work():
        contests.accommodate(
            account_id=quiz.entrant_id,
            needs=Needs(20),
            actor_id=quiz.organizer_id,
            reason="Giấy xác nhận",
        )

    assert "bạn có 18 phút để làm 10 câu (đã thêm 3 phút theo nhu cầu của bạn)" in track_of(quiz)
    assert "bạn có 15 phút" in track_of(quiz, quiz.app.test_client())


def test_round_without_a_limit_promises_no_minutes(make_quiz: Callable[..., Quiz]) -> None:
    page = track_of(make_quiz(minutes=0, attempts=0))

    assert "Bắt đầu bây giờ, bạn có" not in page
    assert "Bấm bắt đầu là đồng hồ chạy." in page
