"""The bank's use cases on both databases: two imports at once, two edits at once, counts of use, papers that keep their wording."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from contest.core.db import db, unit_of_work
from contest.core.errors import Refused
from contest.quiz import queries, service
from contest.quiz.drafts import Draft, Picture, draft_of
from contest.quiz.models import Question, QuestionVersion
from contest.quiz.queries import Wanted
from question_bank import shortening
from question_bank.schema import Choice, Difficulty, Source
from tests.quiz.conftest import QUESTIONS, Quiz, bank_of

REASON = "Góp ý của tổ ra đề"
THREADS = 8

pytestmark = pytest.mark.both_databases


def at_once(quiz: Quiz, *acts: Callable[[], Any]) -> list[Any]:
    """Run every act in a thread of its own, all let go together; a refusal is given back instead of raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        with quiz.app.app_context():
            barrier.wait(10)
            try:
                with unit_of_work():
                    return act()
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def newest(quiz: Quiz, code: str = "T000") -> tuple[int, QuestionVersion]:
    row = queries.questions(quiz.contest_id, [queries.codes(quiz.contest_id)[code]])[0]
    return row.question.id, row.version


def test_imports_of_one_file_at_once_make_no_doubles(quiz: Quiz) -> None:
    fresh = [replace(question, stem=f"Mới: {question.stem}", code="") for question in bank_of(40)]
    act = lambda: service.import_questions(contest_id=quiz.contest_id, questions=fresh, actor_id=None)  # noqa: E731

    done = at_once(quiz, *[act] * THREADS)

    assert sorted(one.added for one in done) == [0] * (THREADS - 1) + [40]
    with quiz.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Question)) == 24 + 40


def test_edits_at_once_leave_one_version_and_tell_the_others(quiz: Quiz) -> None:
    with quiz.app.app_context():
        question_id, version = newest(quiz)
        draft = draft_of(version)

    def edit(number: int) -> Callable[[], Any]:
        changed = replace(draft, question=replace(draft.question, stem=f"Bản của người {number}?"))
        return lambda: service.edit_question(
            question_id=question_id, base=1, draft=changed, actor_id=quiz.organizer_id, reason=REASON
        )

    done = at_once(quiz, *(edit(number) for number in range(THREADS)))

    assert sum(isinstance(one, service.Kept) for one in done) == 1
    assert sum(isinstance(one, service.EditConflict) for one in done) == THREADS - 1
    with quiz.app.app_context():
        kept = queries.question_by_id(question_id).versions
        assert [(one.number, one.newest) for one in kept] == [(1, False), (2, True)]


def test_retiring_and_editing_at_once_keep_both(quiz: Quiz) -> None:
    with quiz.app.app_context():
        question_id, version = newest(quiz)
        draft = draft_of(version)
    changed = replace(draft, question=replace(draft.question, chapter="Khác"))

    at_once(
        quiz,
        lambda: service.retire(question_ids=[question_id], actor_id=quiz.organizer_id, reason=REASON),
        lambda: service.edit_question(
            question_id=question_id, base=1, draft=changed, actor_id=quiz.organizer_id, reason=REASON
        ),
    )

    with quiz.app.app_context():
        question = queries.question_by_id(question_id)
        assert question.retired_at is not None
        assert question.versions[-1].chapter == "Khác"


def test_paper_keeps_its_wording_after_an_edit(quiz: Quiz) -> None:
    attempt_id = quiz.begin()
    with quiz.app.app_context():
        before = [q.stem for q in queries.frozen_bank(quiz.round_id).questions.values()]
        for code in queries.codes(quiz.contest_id):
            question_id, version = newest(quiz, code)
            draft = draft_of(version)
            changed = replace(draft, question=replace(draft.question, stem=f"Sửa: {version.stem}"))
            with unit_of_work():
                service.edit_question(
                    question_id=question_id, base=1, draft=changed, actor_id=quiz.organizer_id, reason=REASON
                )
        quiz.app.extensions.pop("kv_frozen_banks", None)
        after = [q.stem for q in queries.frozen_bank(quiz.round_id).questions.values()]

    assert sorted(before) == sorted(after)
    assert quiz.attempt(attempt_id).answers == "0" * QUESTIONS


def test_everything_of_a_draft_comes_back(quiz: Quiz) -> None:
    question = replace(
        bank_of(1)[0],
        stem="Đủ mọi thứ?",
        choices=(Choice("Một", True, "vì thế"), Choice("Hai", True), Choice("Ba", False)),
        tags=("a", "b,c"),
        source=Source("Sách", "tr. 5"),
        feedback="Giải thích",
        difficulty=Difficulty.HARD,
        pinned=True,
        code="ĐỦ-1",
    )
    draft = Draft(question, "ghi chú", Picture("ab" * 32, "lá cờ", 10, 20))
    with quiz.app.app_context():
        with unit_of_work():
            service.add_question(contest_id=quiz.contest_id, draft=draft, actor_id=None, reason=REASON)
        row = queries.questions(quiz.contest_id, [queries.codes(quiz.contest_id)["ĐỦ-1"]])[0]

        assert draft_of(row.version, row.question.code) == draft
        assert queries.has_picture("ab" * 32)
        assert row.version.cited == "Sách, tr. 5"


def test_word_for_word_copy_and_taken_code_are_refused(quiz: Quiz) -> None:
    copy = Draft(replace(bank_of(1)[0], code=""))
    taken = Draft(replace(bank_of(1)[0], stem="Khác hẳn?", code="T001"))
    with quiz.app.app_context():
        for draft, words in ((copy, "T000"), (taken, "T001")):
            with pytest.raises(Refused, match=words), unit_of_work():
                service.add_question(contest_id=quiz.contest_id, draft=draft, actor_id=None, reason=REASON)


def test_two_questions_of_one_file_with_one_code_are_two_questions(quiz: Quiz) -> None:
    pair = [replace(question, code="Câu 1") for question in bank_of(52)[50:]]
    with quiz.app.app_context():
        with unit_of_work():
            done = service.import_questions(contest_id=quiz.contest_id, questions=pair, actor_id=None)

        assert (done.added, done.versions) == (2, 0)
        assert {"Câu 1", "Câu 1-2"} <= set(queries.codes(quiz.contest_id))


def test_a_long_code_that_only_begins_like_another_replaces_no_question(quiz: Quiz) -> None:
    first, second = (replace(q, code="Chỉ tiêu " * 8 + str(n)) for n, q in enumerate(bank_of(52)[50:]))
    cut = replace(bank_of(53)[52], code=first.code[: shortening.KEPT_CODE].strip())
    with quiz.app.app_context():
        for question in (first, second, cut):
            with unit_of_work():
                done = service.import_questions(contest_id=quiz.contest_id, questions=[question], actor_id=None)
            assert (done.added, done.versions) == (1, 0)


def test_a_long_code_is_known_again_and_its_question_gets_a_version(quiz: Quiz) -> None:
    first, second = (replace(q, code="Chỉ tiêu " * 8) for q in bank_of(52)[50:])
    with quiz.app.app_context():
        for question in (first, second):
            with unit_of_work():
                done = service.import_questions(contest_id=quiz.contest_id, questions=[question], actor_id=None)
        assert (done.added, done.versions) == (1, 1)
        assert shortening.code(first.code) in queries.codes(quiz.contest_id)


def test_a_question_has_one_newest_version_whatever_happens(quiz: Quiz) -> None:
    with quiz.app.app_context():
        _, version = newest(quiz)
        copy = QuestionVersion(
            question_id=version.question_id,
            number=9,
            stem="x",
            choices=["a", "b"],
            key=1,
            digest="d",
            created_at=version.created_at,
        )
        with pytest.raises(IntegrityError), unit_of_work():
            db.session.add(copy)


def test_use_is_counted_by_seed_a_part_at_a_time_and_never_twice(quiz: Quiz) -> None:
    for entrant_id in quiz.entrants(7):
        quiz.begin(entrant_id)
    with quiz.app.app_context():
        counts = []
        for _ in range(4):
            with unit_of_work():
                counts.append(service.count_exposure(round_id=quiz.round_id, most=3))
        counted = queries.exposure(quiz.contest_id, queries.codes(quiz.contest_id).values())

        assert counts == [3, 3, 1, 0]
        assert (counted.attempts, sum(counted.drawn.values())) == (7, 7 * QUESTIONS)
        assert queries.exposure(quiz.contest_id, []).drawn == {}


def test_counts_of_use_at_once_count_each_paper_once(quiz: Quiz) -> None:
    for entrant_id in quiz.entrants(5):
        quiz.begin(entrant_id)

    at_once(quiz, *[lambda: service.count_exposure(round_id=quiz.round_id)] * 4)

    with quiz.app.app_context():
        assert queries.exposure(quiz.contest_id, []).attempts == 5


@pytest.mark.parametrize("words", ["PHUONG an a cua cau 7", "cau 7 phương", "t007"])
def test_search_ignores_accents_and_the_order_of_words(quiz: Quiz, words: str) -> None:
    with quiz.app.app_context():
        page = queries.questions_page(quiz.contest_id, wanted=Wanted(search=words))

        assert "T007" in [row.question.code for row in page.rows]
