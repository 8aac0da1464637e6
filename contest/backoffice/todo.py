"""What waits for an organiser, found from every room; the dashboard lists it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from contest.backoffice import compared, panels, queries
from contest.backoffice.queues import failed_count, unheard_work
from contest.contests import queries as contests
from contest.contests.models import Round
from contest.contests.rules import RoundState, TrackKind
from contest.core.display import lower_first, vn_datetime, vn_number
from contest.entries import queries as entries
from contest.judging.models import Stage
from contest.quiz import queries as quiz
from contest.quiz.queries.signals import waiting_signals
from contest.results import queries as results
from contest.results.models import Publication

OVERDUE_GRADING = (
    1  # attempts: the machine grades within a minute, so that any that wait after a close are worth a look
)

_NAMED = 3


@dataclass(frozen=True)
class Job:
    """One thing to be done: how many, what, more words, and the button that leads there. `look` is "danger", "hoe" or nothing."""

    number: int
    words: str
    more: str
    glyph: str
    look: str
    url: str
    verb: str


def jobs(now: datetime) -> list[Job]:
    """Everything that waits, the most urgent first."""
    rounds = [round_ for track in contests.the_contest().tracks for round_ in track.rounds]
    stages = queries.stages_by_round()
    found = [*_machines(), *_paused(rounds, now), *_complaints(), *_held(), *_photos()]
    loads = queries.loads_of_rounds()
    unsigned, stranded = queries.unsigned_scorecards(), queries.stranded_scorecards()
    published = {found.round_id: found for found in results.publications() if not found.revoked_at}
    for round_ in rounds:
        if round_.id in published:
            found += _differing(round_, published[round_.id], now)
        if round_.state(now) is not RoundState.CLOSED or round_.id in published:
            continue
        load = loads[round_.id]
        if not load.handed_in:
            continue
        waits = (
            _grading(round_, load.ungraded)
            if round_.track.kind is TrackKind.QUIZ
            else _judging(round_, stages.get(round_.id, []), load.handed_in, unsigned, stranded)
        )
        found += waits or _publishing(round_, now)
        if round_.track.kind is TrackKind.QUIZ:
            found += _signals(round_)
    return sorted(found, key=lambda job: ("danger", "hoe", "").index(job.look))


def _machines() -> list[Job]:
    failed = failed_count()
    url = url_for("backoffice.queues")
    if failed is None:
        return [
            Job(1, "hàng đợi không trả lời", "Chưa hỏi được Redis", "exclamation-octagon-fill", "danger", url, "Xem")
        ]
    found = []
    if failed:
        more = "Máy đã thử và không làm được"
        found.append(Job(failed, "việc nền bị lỗi", more, "exclamation-octagon-fill", "danger", url, "Xem"))
    unheard = unheard_work()
    if unheard:
        more = f"{', '.join(sorted(unheard))}; báo người vận hành bật máy xử lý"
        found.append(
            Job(
                sum(unheard.values()),
                "việc nền chờ mà không có máy nào làm",
                more,
                "hourglass-split",
                "danger",
                url,
                "Xem",
            )
        )
    return found


def _paused(rounds: Iterable[Round], now: datetime) -> list[Job]:
    return [
        Job(
            1,
            "đợt đang tạm dừng",
            f"{round_.track.title}, {lower_first(round_.title)}, từ {vn_datetime(round_.paused_at)}",
            "pause-fill",
            "danger",
            url_for("backoffice.rounds_show", round_id=round_.id),
            "Mở đợt",
        )
        for round_ in rounds
        if round_.state(now) is RoundState.PAUSED and round_.paused_at
    ]


def _complaints() -> list[Job]:
    waiting = quiz.waiting_count()
    if not waiting:
        return []
    url = url_for("backoffice.attempts") + "?khieu-nai=cho"
    return [
        Job(waiting, "khiếu nại chờ trả lời", "Thi trắc nghiệm", "exclamation-octagon-fill", "danger", url, "Trả lời")
    ]


def _signals(round_: Round) -> list[Job]:
    waiting = waiting_signals(round_.id)
    if not waiting:
        return []
    url = url_for("backoffice.signals", round_id=round_.id)
    return [
        Job(
            waiting, "tín hiệu chưa xem", f"{_where(round_)}; nên xem trước khi công bố", "flag-fill", "hoe", url, "Xem"
        )
    ]


def _held() -> list[Job]:
    """Entries that say whose they are: no judge sees them until somebody decides."""
    found = []
    for kind, page in ((TrackKind.ESSAY, "backoffice.essays"), (TrackKind.PHOTO, "backoffice.photos")):
        waiting = entries.held_count(kind=kind)
        words = "Thi viết" if kind is TrackKind.ESSAY else "Thi ảnh"
        url = url_for(page) + "?trang-thai=held"
        if waiting:
            found.append(
                Job(waiting, "bài chờ xem danh tính", f"{words}; giám khảo chưa thấy", "incognito", "hoe", url, "Xem")
            )
    return found


def _photos() -> list[Job]:
    refused = queries.refused_photos()
    if not refused:
        return []
    url = url_for("backoffice.photos") + "?trang-thai=draft"
    return [Job(refused, "ảnh máy không đọc được", "Người gửi đã được báo để gửi tấm khác", "image", "", url, "Mở")]


def _grading(round_: Round, ungraded: int) -> list[Job]:
    if ungraded < OVERDUE_GRADING:
        return []
    url = url_for("backoffice.queues")
    return [Job(ungraded, "lượt thi chờ máy chấm", _where(round_), "hourglass-split", "hoe", url, "Xem")]


def _judging(
    round_: Round, stages: list[Stage], handed_in: int, unsigned: dict[int, int], stranded: dict[int, int]
) -> list[Job]:
    if not stages:
        url = url_for("backoffice.judging_new", dot=round_.id)
        return [Job(handed_in, "bài chờ lập hội đồng chấm", _where(round_), "clipboard-check", "hoe", url, "Lập vòng")]
    stage = stages[-1]
    url = url_for("backoffice.judging_show", stage_id=stage.id)
    words = f"{stage.title}, {lower_first(round_.title)}"
    found = []
    panel = url_for("backoffice.judging_panel", stage_id=stage.id)
    if stranded.get(stage.id):
        what = "phiếu ở giám khảo không chấm được nữa"
        found.append(Job(stranded[stage.id], what, words, "person-x", "danger", panel, "Đổi giám khảo"))
    lacks = panels.lacks_of(stage)
    stuck = [lack for lack in lacks if lack.stuck]
    if stuck:
        what, more = "bài không còn giám khảo nào nhận được", f"{words}: {panels.codes(stuck)}"
        found.append(Job(len(stuck), what, more, "person-x", "danger", panel, "Thêm giám khảo"))
    free = [lack for lack in lacks if not lack.stuck]
    if free:
        number, more = sum(lack.missing for lack in free), f"{words}: {panels.codes(free)}"
        found.append(Job(number, "lượt chấm chưa giao", more, "person-badge", "hoe", url, "Phân công"))
    if unsigned.get(stage.id) and stage.closed_at:
        more = f"{words}; chưa công bố kết quả được"
        found.append(Job(unsigned[stage.id], "phiếu chưa ký trong vòng đã đóng", more, "lock-fill", "hoe", url, "Xem"))
    elif unsigned.get(stage.id):
        found.append(Job(unsigned[stage.id], "phiếu chấm chưa ký", words, "pencil-fill", "", url, "Xem"))
    if not found and not stage.closed_at:
        found.append(Job(1, "vòng chấm đã ký đủ, chờ đóng", words, "lock-fill", "", url, "Đóng vòng"))
    return found


def _publishing(round_: Round, now: datetime) -> list[Job]:
    url = url_for("backoffice.results_round", round_id=round_.id)
    hinders = results.hindrances(round_, now)
    if hinders:  # Nothing else on the list says what stands in the way.
        more = f"{_where(round_)}. {' '.join(hinders)}"
        return [Job(1, "đợt chưa công bố được", more, "exclamation-triangle-fill", "hoe", url, "Xem")]
    return [Job(1, "đợt chờ công bố kết quả", _where(round_), "patch-check", "", url, "Công bố")]


def _differing(round_: Round, standing: Publication, now: datetime) -> list[Job]:
    differs = compared.now_differs(round_, standing, now)
    if not differs.differs:
        return []
    names = ", ".join(change.name for change in differs.changes[:_NAMED]) if differs.changes else "có người bằng nhau"
    more = f"{_title(round_)}, Công bố số {standing.number:02d}: {names}"
    rest = len(differs.changes) - _NAMED
    more += f" và {vn_number(rest)} người nữa" if rest > 0 else ""
    url = url_for("backoffice.results_round", round_id=round_.id)
    number = len(differs.changes) or 1
    return [
        Job(number, "chỗ khác giữa công bố và dữ liệu lúc này", more, "exclamation-octagon-fill", "hoe", url, "Xem")
    ]


def _title(round_: Round) -> str:
    return f"{round_.track.title}, {lower_first(round_.title)}"


def _where(round_: Round) -> str:
    return f"{_title(round_)}, đóng lúc {vn_datetime(round_.closes_at)}"
