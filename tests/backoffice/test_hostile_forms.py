"""Numbers and years that nobody can mean are refused by the desk's forms, and leave its pages whole."""

import pytest
from flask.testing import FlaskClient

from tests.signed_in import csrf_token


@pytest.mark.parametrize("number", ["²", "9" * 5000, "x", ""])
def test_row_whose_number_is_none_belongs_to_no_row(desk: FlaskClient, scene, number: str) -> None:  # type: ignore[no-untyped-def]
    form = {f"prizes-{number}-name": "Lạ", "prizes-0-name": "Nhất", "prizes-0-places": "1", "reason": "QĐ 1"}

    reply = desk.post(
        f"/ban-dieu-hanh/cong-bo/dot/{scene.quiz}/giai-thuong", data=form | {"csrf_token": csrf_token(desk)}
    )

    assert reply.status_code == 302


@pytest.mark.parametrize("until", ["9999-12-31T23:59", "0001-01-01T00:00", "2999-01-01T00:00"])
def test_close_in_an_absurd_year_is_refused_and_the_round_stays_readable(desk: FlaskClient, scene, until: str) -> None:  # type: ignore[no-untyped-def]
    address = f"/ban-dieu-hanh/dot-thi/{scene.quiz}"

    reply = desk.post(f"{address}/gia-han", data={"until": until, "reason": "x", "csrf_token": csrf_token(desk)})

    assert reply.status_code == 400
    assert desk.get(address).status_code == 200
