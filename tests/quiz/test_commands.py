"""`contest quiz …` as an operator types it: what is printed, what is written, and the exit status."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from contest.cli import main
from contest.core.audit import AuditRow
from contest.core.db import db, unit_of_work
from contest.quiz import jobs, queries
from contest.quiz.commands import group
from contest.quiz.models import Attempt, QuestionVersion
from question_bank import answers as codes
from question_bank import formats
from question_bank.schema import Choice, Picture, Question
from tests.quiz.conftest import QUESTIONS, Quiz

GIFT = "::G1:: Hai cộng hai bằng mấy? {=Bốn ~Ba ~Năm}\n\n::G2:: Ba cộng ba bằng mấy? {=Sáu ~Bảy}\n"
FAULTY = GIFT + "\n::G3:: Câu không có đáp án đúng? {~A ~B}\n\n::G4:: Vì sao? {}\n"


def run(quiz: Quiz, *words: object) -> Result:
    """The command inside the test's application."""
    with quiz.app.app_context():
        done = CliRunner().invoke(group, [str(word) for word in words])
        db.session.remove()
        return done


def imported(database_url: str, redis_url: str, file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own."""
    env = os.environ | {"KV_ENV": "test", "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    command = [sys.executable, "-c", "from contest.cli import main; main()", "quiz", "import", str(file), *more]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def gift(tmp_path: Path) -> Path:
    """A sound file of two questions."""
    file = tmp_path / "câu hỏi.gift"
    file.write_text(GIFT, encoding="utf-8")
    return file


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Two sound questions, one without a key, one essay."""
    file = tmp_path / "hong.gift"
    file.write_text(FAULTY, encoding="utf-8")
    return file


def in_bank(quiz: Quiz, words: str) -> int:
    with quiz.app.app_context():
        return queries.questions_page(quiz.contest_id, search=words).total


def test_the_group_hangs_on_the_operators_command() -> None:
    names = set(main.commands["quiz"].commands)  # type: ignore[attr-defined]
    assert names == {"import", "export", "check", "draw", "grade", "regrade", "expire", "report"}


@pytest.mark.parametrize("empty", ["empty_sqlite_url", "empty_postgresql_url"])
def test_a_database_without_tables_is_named_in_one_sentence(
    request: pytest.FixtureRequest, redis_url: str, gift: Path, empty: str
) -> None:
    done = imported(request.getfixturevalue(empty), redis_url, gift)
    assert (done.returncode, done.stderr) == (1, "The database has no tables yet. Run `contest db upgrade` first.\n")


def test_questions_of_a_file_are_added_once(quiz: Quiz, database_url: str, redis_url: str, gift: Path) -> None:
    first = imported(database_url, redis_url, gift)
    second = imported(database_url, redis_url, gift)

    assert (first.returncode, first.stdout) == (0, "2 questions added, 0 known already.\n")
    assert second.stdout == "0 questions added, 2 known already.\n"
    assert in_bank(quiz, "hai cong hai") == 1


def test_another_files_code_replaces_a_question_only_when_asked(quiz: Quiz, gift: Path, tmp_path: Path) -> None:
    run(quiz, "import", gift)
    other = tmp_path / "khac.gift"
    other.write_text("::G1:: Sông nào qua Phủ Lạng Thương? {=Sông Thương ~Sông Cầu}\n", encoding="utf-8")
    assert run(quiz, "import", other).stdout == "1 questions added, 0 known already.\n"
    assert (in_bank(quiz, "hai cong hai"), in_bank(quiz, "phu lang thuong")) == (1, 1)

    other.write_text("::G1:: Hai cộng hai là mấy? {=Bốn ~Ba}\n", encoding="utf-8")
    done = run(quiz, "import", other, "--versions")
    assert done.stdout == "1 questions added (1 as new versions), 0 known already.\n"
    assert (in_bank(quiz, "hai cong hai bang may"), in_bank(quiz, "hai cong hai la may")) == (0, 1)


def test_faulty_file_adds_nothing(quiz: Quiz, faulty: Path) -> None:
    done = run(quiz, "import", faulty)

    assert (done.exit_code, done.stdout) == (1, "")
    assert "Nothing was imported. --skip-faulty imports the sound ones." in done.stderr
    assert in_bank(quiz, "cong") == 0


def test_sound_questions_of_a_faulty_file_are_added_when_asked(quiz: Quiz, faulty: Path) -> None:
    done = run(quiz, "import", faulty, "--skip-faulty")

    assert (done.exit_code, done.stdout) == (0, "2 questions added, 0 known already.\n")
    assert "hong.gift:" in done.stderr
    assert in_bank(quiz, "cong") == 2


def test_preview_prints_the_whole_file_as_json_and_writes_nothing(quiz: Quiz, faulty: Path) -> None:
    with quiz.app.app_context():
        acts = db.session.query(AuditRow).count()
    done = run(quiz, "import", faulty, "--preview", "--json")

    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert set(found) == {"questions", "problems", "unsupported"}
    assert found["questions"][0] == {
        "stem": "Hai cộng hai bằng mấy?",
        "choices": [
            {"text": "Bốn", "correct": True},
            {"text": "Ba", "correct": False},
            {"text": "Năm", "correct": False},
        ],
        "pinned": False,
        "problems": ["Câu hỏi chưa ghi nguồn."],
    }
    told = [problem["message"] for problem in found["problems"]]
    told += [message for question in found["questions"] for message in question["problems"]]
    assert any("đáp án" in message for message in told)
    assert [item["kind"] for item in found["unsupported"]] == ["essay"]
    assert {"line", "message"} <= set(found["unsupported"][0])
    with quiz.app.app_context():
        assert db.session.query(AuditRow).count() == acts
    assert in_bank(quiz, "cong") == 0


def test_preview_runs_without_a_database(faulty: Path, tmp_path: Path) -> None:
    done = imported(f"sqlite:///{tmp_path / 'none.sqlite3'}", "redis://127.0.0.1:1/0", faulty, "--preview", "--json")

    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["questions"]) >= 2
    assert not (tmp_path / "none.sqlite3").exists()


def test_a_choice_that_speaks_of_the_others_is_pinned_in_the_preview(quiz: Quiz, tmp_path: Path) -> None:
    file = tmp_path / "a.gift"
    file.write_text("Chọn ý đúng {=Tất cả các phương án trên ~Một ~Hai}\n", encoding="utf-8")

    assert json.loads(run(quiz, "import", file, "--preview", "--json").stdout)["questions"][0]["pinned"] is True
    assert "Nothing was written." in run(quiz, "import", file, "--preview").stdout


@pytest.mark.parametrize(
    "words",
    [
        ["import", "khong-co.gift"],
        ["import", "{gift}", "--json"],
        ["export", "cau-hoi.la"],
        ["draw"],
        ["draw", "mot"],
        ["report", "1", "bao-cao.pdf"],
    ],
)
def test_wrong_usage_ends_with_two(quiz: Quiz, gift: Path, words: list[str]) -> None:
    asked = [str(quiz.round_id) if word == "1" else word.replace("{gift}", str(gift)) for word in words]
    assert run(quiz, *asked).exit_code == 2


@pytest.mark.parametrize("command", ["draw", "regrade", "report"])
def test_an_unknown_round_is_refused_and_the_rounds_are_named(quiz: Quiz, command: str) -> None:
    done = run(quiz, command, 9999)
    assert done.exit_code == 1
    assert f"There is no quiz round 9999. Quiz rounds: {quiz.round_id} (" in done.stderr


@pytest.mark.both_databases
def test_what_was_exported_reads_back_and_no_file_is_written_over(quiz: Quiz, tmp_path: Path) -> None:
    for ending in ("gift", "jsonl", "xlsx", "xml"):
        file = tmp_path / f"bank.{ending}"
        done = run(quiz, "export", file)
        assert (done.exit_code, done.stdout) == (0, f"24 questions written to {file}.\n")
        preview = json.loads(run(quiz, "import", file, "--preview", "--json").stdout)
        assert [question["stem"] for question in preview["questions"]] == [f"Câu hỏi thử số {n}?" for n in range(24)]
        again = run(quiz, "export", file)
        assert again.exit_code == 1
        assert "--force" in again.stderr


@pytest.mark.parametrize("ending", ["xlsm", "doc", "tsv", "pdf", ""])
def test_an_ending_that_no_written_file_has_is_refused(quiz: Quiz, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"bank.{ending}"
    done = run(quiz, "export", file)
    assert (done.exit_code, file.exists()) == (2, False)
    assert ".docx, .gift, .jsonl, .txt, .xlsx, .xml, .zip" in done.stderr
    assert run(quiz, "export", file, "--format", "csv").exit_code == 0


def test_pictures_of_a_file_are_imported_and_exported(quiz: Quiz, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    choices = (Choice("Kế", True), Choice("Chũ", False))
    sound = Question("Đâu?", choices, chapter="Hình", picture=Picture(out.getvalue(), "Cờ đỏ"))
    broken = Question("Còn đây?", choices, chapter="Hình", picture=Picture(b"GIF89a", "Hỏng"))
    file = tmp_path / "hinh.xml"
    file.write_bytes(formats.write("moodle_xml", [sound, broken]))

    done = run(quiz, "import", file)
    assert (done.exit_code, done.stdout) == (0, "2 questions added, 0 known already.\n")
    assert "Còn đây?: Hình của câu không được nhập." in done.stderr

    back = tmp_path / "lai.zip"
    assert run(quiz, "export", back, "--format", "qti22", "--chapter", "Hình").exit_code == 0
    read = formats.read(back.name, back.read_bytes()).questions
    assert [question.picture and (question.picture.kind, question.picture.alt) for question in read] == [
        ("webp", "Cờ đỏ"),
        None,
    ]
    assert run(quiz, "import", back).stdout == "0 questions added, 2 known already.\n"


@pytest.mark.both_databases
def test_check_names_the_questions_by_their_codes_and_fails_on_errors(quiz: Quiz) -> None:
    sound = run(quiz, "check", "--errors")
    with quiz.app.app_context(), unit_of_work():
        for version in db.session.query(QuestionVersion).limit(2):
            version.stem = "Câu dẫn của hai câu hỏi giống hệt nhau là gì?"
            version.choices = ["Một", "Hai", "Ba", "Bốn"]
    faulty = run(quiz, "check", "--errors")
    rows = json.loads(run(quiz, "check", "--json").stdout)

    assert (sound.exit_code, sound.stdout.splitlines()[-1][:23]) == (0, "24 questions, 0 errors,")
    assert faulty.exit_code == 1
    assert faulty.stdout.splitlines()[0].startswith("T001: Trùng với câu T000 nhưng đáp án khác.")
    assert {"code": "T001", "kind": "contradiction", "severity": "error", "others": ["T000"]}.items() <= next(
        row for row in rows if row["kind"] == "contradiction"
    ).items()


def test_a_seed_draws_the_paper_that_an_entrant_would_sit(quiz: Quiz) -> None:
    attempt = quiz.attempt(quiz.begin())
    with quiz.app.app_context():
        sheet = queries.frozen_bank(quiz.round_id).sheet(attempt.seed, answers=attempt.answers, marked=attempt.marked)

    drawn = json.loads(run(quiz, "draw", quiz.round_id, "--seed", attempt.seed, "--key", "--json").stdout)

    assert [question["stem"] for question in drawn[0]["questions"]] == [shown.stem for shown in sheet]
    assert [[choice["text"] for choice in question["choices"]] for question in drawn[0]["questions"]] == [
        [choice.text for choice in shown.choices] for shown in sheet
    ]
    assert all(sum(choice["correct"] for choice in question["choices"]) == 1 for question in drawn[0]["questions"])


def test_several_papers_are_printed_without_their_keys(quiz: Quiz) -> None:
    done = run(quiz, "draw", quiz.round_id, "--seed", 5, "--papers", 3)

    assert done.stdout.count(f"Câu {QUESTIONS}. ") == 3
    assert "seed 7" in done.stdout
    assert " * " not in done.stdout


def handed_in(quiz: Quiz, people: int) -> None:
    for number, who in enumerate(quiz.entrants(people)):
        attempt_id = quiz.begin(who)
        blanks = number % 4
        quiz.hand_in(attempt_id, answers=codes.BLANK * blanks + quiz.key(attempt_id)[blanks:])


def test_grade_and_expire_leave_nothing_waiting(quiz: Quiz) -> None:
    handed_in(quiz, 3)

    assert run(quiz, "grade").stdout == "Everything handed in is graded.\n"
    assert run(quiz, "expire").stdout == "Nothing is past its time.\n"
    with quiz.app.app_context():
        assert queries.ungraded_count() == 0


@pytest.mark.both_databases
def test_regrade_puts_wrong_marks_right_and_changes_nothing_twice(quiz: Quiz) -> None:
    handed_in(quiz, 3)
    with quiz.app.app_context():
        jobs.grade()
        with unit_of_work():
            for attempt in db.session.query(Attempt):
                attempt.points = 1
                attempt.correct = 0

    first, second = run(quiz, "regrade", quiz.round_id), run(quiz, "regrade", quiz.round_id)

    assert first.stdout == "3 attempts looked at, 3 have other marks now.\n"
    assert second.stdout == "3 attempts looked at, 0 have other marks now.\n"


@pytest.mark.both_databases
def test_report_prints_the_round_its_questions_and_units(quiz: Quiz) -> None:
    handed_in(quiz, 8)
    with quiz.app.app_context():
        jobs.grade()

    done = run(quiz, "report", quiz.round_id)

    assert done.exit_code == 0
    for words in ("ĐỢT THI", "Lượt được phân tích", "CIC (Cronbach alpha), %", "CÂU HỎI", "ĐƠN VỊ", "Chưa ghi đơn vị"):
        assert words in done.stdout


def test_report_as_a_document_opens_in_word(quiz: Quiz, tmp_path: Path) -> None:
    handed_in(quiz, 8)
    with quiz.app.app_context():
        jobs.grade()
    file = tmp_path / "bao-cao.docx"

    done = run(quiz, "report", quiz.round_id, file)

    assert done.exit_code == 0
    assert "BÁO CÁO" in [line.text for line in docx.Document(str(file)).paragraphs]


def test_report_as_a_spreadsheet_holds_numbers(quiz: Quiz, tmp_path: Path) -> None:
    handed_in(quiz, 8)
    with quiz.app.app_context():
        jobs.grade()
    file = tmp_path / "bao-cao.xlsx"

    done = run(quiz, "report", quiz.round_id, file)

    book = openpyxl.load_workbook(file)
    figures = {row[0].value: row[1].value for row in book["Đợt thi"].iter_rows(min_row=2)}
    assert done.exit_code == 0
    assert book.sheetnames[0] == "Đợt thi"
    assert {"Theo đơn vị", "Theo ngày", "Xếp hạng đầu bảng", "Câu hỏi", "Phương án", "Điểm theo đơn vị"} <= set(
        book.sheetnames
    )
    assert figures["Lượt thi đã nộp"] == 8
    assert ("Lượt được phân tích", 8) in [(row[0].value, row[1].value) for row in book["Chất lượng đề"].iter_rows()]
    assert figures["Điểm trung bình mỗi lượt"] == pytest.approx(5 * (QUESTIONS - 1.5))
    assert run(quiz, "report", quiz.round_id, file).exit_code == 1
