"""`contest quiz import` as an operator types it."""

import os
import subprocess
import sys
from pathlib import Path

from contest.core.db import db
from contest.quiz import queries
from tests.quiz.conftest import Quiz

GIFT = "::G1:: Hai cộng hai bằng mấy? {=Bốn ~Ba ~Năm}\n\n::G2:: Ba cộng ba bằng mấy? {=Sáu ~Bảy}\n"


def imported(quiz: Quiz, database_url: str, redis_url: str, file: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"KV_ENV": "test", "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    command = [sys.executable, "-c", "from contest.cli import main; main()", "quiz", "import", str(file)]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_questions_of_a_file_are_added_once(quiz: Quiz, database_url: str, redis_url: str, tmp_path: Path) -> None:
    file = tmp_path / "câu hỏi.gift"
    file.write_text(GIFT, encoding="utf-8")

    first = imported(quiz, database_url, redis_url, file)
    second = imported(quiz, database_url, redis_url, file)

    with quiz.app.app_context():
        found = queries.questions_page(quiz.contest_id, search="hai cong hai")
        db.session.remove()
    assert (first.returncode, first.stdout) == (0, "2 questions added, 0 known already.\n")
    assert second.stdout == "0 questions added, 2 known already.\n"
    assert found.total == 1


def test_faulty_file_adds_nothing(quiz: Quiz, database_url: str, redis_url: str, tmp_path: Path) -> None:
    file = tmp_path / "hong.gift"
    file.write_text(GIFT + "\nCâu không có đáp án đúng? {~A ~B}\n", encoding="utf-8")

    done = imported(quiz, database_url, redis_url, file)

    with quiz.app.app_context():
        assert queries.questions_page(quiz.contest_id, search="cong").total == 0
    assert done.returncode == 1
    assert "Nothing was imported." in done.stderr
