"""How long browsers may keep the scripts of the pages."""

import pytest
from flask import Flask

SCRIPT = "/static/js/quiz-keeper.js"


@pytest.mark.parametrize(
    ("query", "kept"),
    [("", "no-cache"), ("?v=1", "public, max-age=3600")],
    ids=["imported by another script", "named by a page"],
)
def test_script_without_its_version_is_asked_for_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch, query: str, kept: str
) -> None:
    monkeypatch.setitem(app.config, "SEND_FILE_MAX_AGE_DEFAULT", 3600)
    client = app.test_client()
    reply = client.get(SCRIPT + query)

    assert reply.headers["Cache-Control"] == kept
    again = client.get(SCRIPT + query, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == kept
