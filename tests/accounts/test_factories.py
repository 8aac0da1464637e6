"""The factories and the sign-in of tests do what other tests rely on."""

import pytest

from contest.accounts.rules import Role
from contest.contests import queries as contests
from contest.contests.rules import RoundState, TrackKind
from contest.core import clock
from contest.core.db import unit_of_work
from tests.factories import make_account, make_contest, make_unit, round_of
from tests.signed_in import sign_in


@pytest.mark.both_databases
def test_a_made_contest_has_three_tracks_in_the_states_asked_for(app_context):
    with unit_of_work():
        contest = make_contest(quiz=RoundState.SOON, photo=RoundState.CLOSED, params={TrackKind.QUIZ: {"attempts": 3}})
        quiz = round_of(contest, TrackKind.QUIZ)
        unit = make_unit()
        make_account(unit_id=unit.id)
    assert quiz.state(clock.now()) is RoundState.SOON
    assert contests.round_by_id(quiz.id, TrackKind.QUIZ).rules.attempts == 3
    assert [track.kind for track in contests.the_contest().tracks] == [TrackKind.ESSAY, TrackKind.QUIZ, TrackKind.PHOTO]


@pytest.mark.both_databases
def test_a_client_signed_in_for_a_test_is_that_account(app, client):
    from contest.accounts import access

    @app.get("/thu-ai")
    @access.signed_in
    def who():
        return f"{access.actor_id()} {access.me().role}"

    with app.app_context(), unit_of_work():
        account = make_account(role=Role.JUDGE)
    sign_in(client, account)
    assert client.get("/thu-ai").text == f"{account.id} judge"
