"""Addresses of pages as the site writes them, for tests that know a row by its id."""

from flask import Flask, url_for


def of_attempt(app: Flask, attempt_id: int, page: str = "") -> str:
    """The address of an attempt's paper, or of one of its pages: "/luu", "/nop", "/ket-qua" …"""
    with app.test_request_context():
        return url_for("quiz.attempt", attempt_id=attempt_id) + page


def of_card(app: Flask, assignment_id: int, page: str = "") -> str:
    """The address of a judge's scorecard, or of one of its pages: "/luu", "/xung-dot"."""
    with app.test_request_context():
        return url_for("judging.entry", assignment_id=assignment_id) + page


def of_work(app: Flask, entry_id: int, page: str = "") -> str:
    """The address of a photograph in the gallery, or of its picture: "/960.jpg"."""
    with app.test_request_context():
        return url_for("photo.gallery_work", entry_id=entry_id) + page


def attempt_at(app: Flask, address: str) -> int:
    """The id of the attempt whose paper is at that address."""
    found: int = app.url_map.bind("localhost").match(address)[1]["attempt_id"]
    return found
