"""The demo's judging: a first round of photographs judged and shown, a panel each for essays and photographs half-way; load.py calls it inside its transaction."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from contest.contests.models import Round
from contest.core import clock
from contest.core.db import db
from contest.core.veiled import sort_key
from contest.demo.people import Cast
from contest.demo.timetable import Calendar, Programme
from contest.judging import queries, rules, service
from contest.judging.models import Assignment
from contest.judging.service import NewCriterion

ESSAY_RUBRIC = (
    NewCriterion("Chính xác, có chiều sâu", "Hiểu đúng và sâu về Bắc Giang; số liệu, sự kiện có căn cứ.", 40),
    NewCriterion("Mới và khả thi", "Cách nhìn riêng; ý tưởng mới, có thể làm được, có lợi cho tỉnh.", 30),
    NewCriterion("Cảm xúc, lập luận", "Lập luận chặt chẽ, giọng văn chân thành, thuyết phục.", 20),
    NewCriterion("Hình thức", "Bố cục rõ, câu chữ trong sáng, đúng chính tả.", 10),
)
PHOTO_RUBRIC = (
    NewCriterion("Nội dung", "Đúng chủ đề, kể được một câu chuyện về Bắc Giang.", 40),
    NewCriterion("Bố cục và ánh sáng", "Bố cục có chủ ý, ánh sáng đẹp, khoảnh khắc đúng lúc.", 30),
    NewCriterion("Kỹ thuật", "Nét, màu và xử lý ảnh chuẩn mực.", 20),
    NewCriterion("Chú thích", "Ngắn gọn, cho biết nơi chụp và bối cảnh.", 10),
)
_ESSAY_COMMENTS = (
    "Bài viết chắc tay, có hiểu biết. Phần giải pháp nên nói rõ hơn ai làm, làm khi nào.",
    "Mở bài gọn, dẫn dắt tự nhiên. Đoạn giữa còn dàn trải.",
    "Ý tưởng mới và gần với đời sống. Cần thêm căn cứ về nguồn lực.",
    "Giọng văn chân thành, đọc có cảm xúc. Kết bài hơi vội.",
    "Nội dung đúng hướng nhưng còn chung chung, ít chi tiết riêng.",
    "Lập luận mạch lạc, ví dụ cụ thể. Một vài câu dài nên tách ra.",
    "",
)
_PHOTO_COMMENTS = (
    "Khoảnh khắc tốt, ánh sáng dẫn mắt vào giữa khung.",
    "Màu đẹp, bố cục cân. Tiền cảnh hơi trống.",
    "Đề tài quen nhưng góc nhìn mới.",
    "Chú thích gọn. Ảnh nên có thêm điểm nhấn.",
    "Không khí tốt, lớp lang rõ. Vùng tối hơi mất chi tiết.",
    "",
)
_CONFLICT = "Tôi nhận ra bài này vì đã góp ý khi tác giả viết."
_LEVEL, _SPREAD = 0.76, 0.08
_STARTED_EACH = 2

Act = tuple[datetime, Callable[[], object]]


def judge(programme: Programme, cast: Cast, calendar: Calendar, begin: Callable[[int], Callable[[], None]]) -> None:
    """Open every stage, assign, and let every judge sign the first half of their queue and begin two more; the first photographs are all signed.

    Their stage is closed and their gallery open. `begin` is told how many scorecards there are.
    """
    shown = _open(programme.photo[0], "Sơ khảo ảnh", PHOTO_RUBRIC, cast, calendar.at(-34, 9))
    essays = _open(programme.essay[0], "Sơ khảo bài viết", ESSAY_RUBRIC, cast, calendar.at(-11, 9))
    pictures = _open(programme.photo[1], "Sơ khảo ảnh", PHOTO_RUBRIC, cast, calendar.at(-10, 9))
    for moment, act in _conflict(essays, cast, calendar.at(-9, 14, 10)):
        with clock.frozen(moment):
            act()
        db.session.flush()
    work = [
        *_marking(shown, _PHOTO_COMMENTS, cast, calendar, first_day=-32, whole=True),
        (calendar.at(-24, 9), lambda: _end(programme.photo[0], shown, cast)),
        *_marking(essays, _ESSAY_COMMENTS, cast, calendar),
        *_marking(pictures, _PHOTO_COMMENTS, cast, calendar),
    ]
    step = begin(len(work))
    for moment, act in sorted(work, key=lambda piece: piece[0]):
        with clock.frozen(moment):
            act()
        step()


def _open(round_: Round, title: str, rubric: Sequence[NewCriterion], cast: Cast, moment: datetime) -> int:
    with clock.frozen(moment):
        stage = service.open_stage(
            round_id=round_.id,
            title=title,
            rubric=rubric,
            judge_ids=[judge.id for judge in cast.judges],
            judges_per_entry=2,
            actor_id=cast.organizer.id,
            reason="Lập hội đồng chấm sau khi đợt đóng.",
        )
    with clock.frozen(moment + timedelta(minutes=20)):
        service.assign(stage_id=stage.id, actor_id=cast.organizer.id, reason="Chia đều cho hội đồng.")
    return stage.id


def _end(round_: Round, stage_id: int, cast: Cast) -> None:
    db.session.flush()
    service.close_stage(stage_id=stage_id, actor_id=cast.organizer.id, reason="Hội đồng đã chấm xong.")
    service.release_gallery(
        round_id=round_.id, actor_id=cast.organizer.id, reason="Đợt đã chấm xong, mở ảnh cho mọi người xem."
    )


def _conflict(stage_id: int, cast: Cast, moment: datetime) -> Iterator[Act]:
    """The third judge steps back from the last essay of their queue."""
    judge = cast.judges[2].id
    queue = _queue(stage_id, judge)
    if len(queue) > 1:
        yield (
            moment,
            lambda: service.declare_conflict(assignment_id=queue[-1].id, judge_id=judge, reason=_CONFLICT),
        )


def _queue(stage_id: int, judge_id: int) -> list[Assignment]:
    """A judge's open assignments in the order in which their desk shows them."""
    found = db.session.scalars(
        select(Assignment).where(
            Assignment.stage_id == stage_id,
            Assignment.judge_id == judge_id,
            Assignment.state == rules.AssignmentState.OPEN,
        )
    )
    return sorted(found, key=lambda assignment: sort_key(assignment.id, "assignment"))


def _marking(
    stage_id: int, comments: Sequence[str], cast: Cast, calendar: Calendar, *, first_day: int = -6, whole: bool = False
) -> Iterator[Act]:
    weights = queries.weights_of(stage_id)
    for place, judge in enumerate(cast.judges):
        queue = _queue(stage_id, judge.id)
        strictness = (-0.02, 0.015, 0.0, 0.03)[place % 4]
        signed = len(queue) if whole else (len(queue) + 1) // 2
        for number, assignment in enumerate(queue[: signed + _STARTED_EACH]):
            rng = random.Random(f"marks {place} {number} {stage_id}")
            worth = random.Random(f"worth {assignment.entry_id}").gauss(_LEVEL, _SPREAD) + strictness
            marks = {key: _points(rng, worth, weight) for key, weight in weights.items()}
            days = first_day + 6 * number // max(1, signed + _STARTED_EACH)
            moment = calendar.at(days, 8 + place * 2 + number % 3, rng.randrange(55))
            comment = rng.choice(comments)
            if number < signed:
                yield moment, _signing(assignment.id, judge.id, marks, comment)
            else:
                begun = dict(list(marks.items())[: 1 + number - signed])
                yield moment, _saving(assignment.id, judge.id, begun, "")


def _points(rng: random.Random, worth: float, weight: int) -> int:
    return max(round(weight * 0.3), min(weight, round(weight * (worth + rng.gauss(0, 0.05)))))


def _saving(assignment_id: int, judge_id: int, marks: dict[str, int], comment: str) -> Callable[[], object]:
    return lambda: service.save(
        assignment_id=assignment_id, judge_id=judge_id, marks=marks, comment=comment, sequence=1
    )


def _signing(assignment_id: int, judge_id: int, marks: dict[str, int], comment: str) -> Callable[[], object]:
    def act() -> None:
        held = service.save(assignment_id=assignment_id, judge_id=judge_id, marks=marks, comment=comment, sequence=1)
        service.sign(assignment_id=assignment_id, judge_id=judge_id, sequence=held.sequence)

    return act
