"""Packets that arrive broken."""

import pytest

from contest.quiz.rules import AttemptState
from tests.addresses import of_attempt
from tests.signed_in import csrf_token


@pytest.mark.parametrize("body", ['{"sequence": 3, "chan', "[" * 8000, "null"])
def test_hand_in_cut_off_on_its_way_does_not_end_the_attempt(quiz, body: str) -> None:  # type: ignore[no-untyped-def]
    attempt_id, client = quiz.begin(), quiz.client()
    headers = {"X-CSRFToken": csrf_token(client), "Content-Type": "application/json"}

    reply = client.post(of_attempt(client.application, attempt_id, "/nop"), data=body, headers=headers)

    assert reply.status_code == 400
    assert quiz.attempt(attempt_id).state is AttemptState.OPEN
