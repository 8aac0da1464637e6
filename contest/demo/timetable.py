"""The demo's contest, tracks and rounds, laid around the moment of loading; load.py calls it inside its transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from contest.contests.models import Contest, Round, Track
from contest.contests.rules import Letterhead, TrackKind
from contest.core.db import db
from contest.core.display import VIETNAM, vietnam_time

SLUG = "bac-giang-niem-tin-va-khat-vong"
TITLE = "Bắc Giang: Niềm tin và khát vọng"
SUMMARY = (
    "Cuộc thi tìm hiểu, giới thiệu về Bắc Giang và gợi mở những ý tưởng mới xây dựng, phát triển tỉnh đến năm 2030, "
    "tầm nhìn 2045. Đây là bản trình diễn: mọi người dự thi, bài thi và kết quả đều do máy dựng lên."
)
PHOTO_EDGE = 1600

_QUIZ = {"questions": 20, "minutes": 15, "attempts": 2}
# The rounds to come ask how many take part, so that the open one has a board of its best: how many have everything right would tell the answer.
_QUIZ_GUESSING_PEOPLE = {**_QUIZ, "prediction": "participants"}
_ESSAY = {"words_min": 300, "words_max": 2000}
_PHOTO = {"long_edge": PHOTO_EDGE}
_MONTHS_BEFORE = -62


@dataclass(frozen=True)
class Calendar:
    """Days counted from the day of loading, at hours of a Vietnamese clock."""

    now: datetime

    def at(self, days: float, hour: int, minute: int = 0) -> datetime:
        """The moment at that hour, so many days from today (before it when negative)."""
        day = vietnam_time(self.now).date() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)

    @property
    def announced(self) -> datetime:
        """When the contest was set up."""
        return self.at(_MONTHS_BEFORE, 8)


@dataclass(frozen=True)
class Programme:
    """The contest with its rounds by track, in order."""

    contest: Contest
    quiz: tuple[Round, Round, Round]
    essay: tuple[Round, Round]
    photo: tuple[Round, Round, Round]


def set_up(calendar: Calendar) -> Programme:
    """Add the contest: a quiz round that is over, one that is open and one to come; an essay round over and one open; two photo rounds
    over, of which the first is judged, and one open."""
    at = calendar.at
    contest = Contest(
        slug=SLUG,
        title=TITLE,
        summary=SUMMARY,
        organizer_name="Ban Tổ chức cuộc thi (bản trình diễn)",
        parent_body="Tỉnh ủy Bắc Giang (bản trình diễn)",
        letterhead=Letterhead.PARTY,
        phone="0204 000 000",
        email="bantochuc@khatvong.example",
        regulations=(resources.files("contest.demo") / "regulations.md").read_text(encoding="utf-8"),
        identity_fields=["birth_date", "sex", "occupation", "unit"],
        is_demo=True,
        created_at=calendar.announced,
    )
    db.session.add(contest)
    essay = _track(contest, TrackKind.ESSAY, "Thi viết", "Giới thiệu Bắc Giang và gợi mở những ý tưởng mới.", 1)
    quiz = _track(
        contest, TrackKind.QUIZ, "Thi trắc nghiệm", "Tìm hiểu lịch sử Đảng bộ tỉnh và những chủ trương lớn.", 2
    )
    photo = _track(contest, TrackKind.PHOTO, "Thi ảnh", "Thành tựu, vẻ đẹp vùng đất và con người Bắc Giang.", 3)
    programme = Programme(
        contest=contest,
        quiz=(
            _round(quiz, 1, "Đợt 1", at(-49, 10), at(-21, 9), _QUIZ),
            _round(quiz, 2, "Đợt 2", at(-6, 10), at(8, 9), _QUIZ_GUESSING_PEOPLE),
            _round(quiz, 3, "Đợt 3", at(11, 10), at(32, 9), _QUIZ_GUESSING_PEOPLE),
        ),
        essay=(
            _round(essay, 1, "Đợt I", at(-60, 8), at(-14, 17), _ESSAY),
            _round(essay, 2, "Đợt II", at(-9, 8), at(37, 17), _ESSAY),
        ),
        photo=(
            _round(photo, 1, "Đợt 1", at(-60, 8), at(-37, 17), _PHOTO),
            _round(photo, 2, "Đợt 2", at(-36, 8), at(-13, 17), _PHOTO),
            _round(photo, 3, "Đợt 3", at(-8, 8), at(38, 17), _PHOTO),
        ),
    )
    db.session.flush()
    return programme


def _track(contest: Contest, kind: TrackKind, title: str, summary: str, position: int) -> Track:
    track = Track(contest=contest, kind=kind, title=title, summary=summary, position=position)
    db.session.add(track)
    return track


def _round(
    track: Track, number: int, title: str, opens_at: datetime, closes_at: datetime, params: dict[str, Any]
) -> Round:
    found = Round(track=track, number=number, title=title, opens_at=opens_at, closes_at=closes_at, params=dict(params))
    db.session.add(found)
    return found
