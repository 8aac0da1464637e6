"""Sample papers for organisers: what an entrant might draw from the bank as it stands, without a round or an attempt; the desk shows them."""

from dataclasses import dataclass

from contest.contests.rules import QuizParams
from contest.quiz.queries.bank_use import stock, versions_by_id
from question_bank.draw import Blueprint, PreparedBank, Quota, draw


@dataclass(frozen=True)
class SampleQuestion:
    """One question as the sample shows it."""

    stem: str
    choices: tuple[str, ...]


def sample_paper(contest_id: int, params: QuizParams, *, seed: int) -> list[SampleQuestion]:
    """A paper that these rules could draw from the whole bank; an empty list while the bank holds too few questions."""
    items = stock(contest_id, params)
    if len(items) < params.questions:
        return []
    plan = Blueprint(
        quotas=(Quota(count=params.questions),), shuffle_questions=params.shuffle, shuffle_choices=params.shuffle
    )
    paper = draw(plan, PreparedBank(items), seed)
    versions = versions_by_id(item.key for item in paper.items)
    return [
        SampleQuestion(
            stem=versions[item.key].stem,
            choices=tuple(versions[item.key].choices[place] for place in item.choice_order),
        )
        for item in paper.items
    ]
