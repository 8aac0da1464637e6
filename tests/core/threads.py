"""Runs one act in many threads that start together, each inside the application's context; every room's race tests call it."""

import threading
from collections.abc import Callable

from flask import Flask

from contest.core.db import db


def together(app: Flask, act: Callable[[int], object], *, threads: int = 8) -> list[BaseException]:
    """Call `act(number)` in so many threads at once; returns what they raised."""
    return [outcome for outcome in race(app, act, threads=threads) if isinstance(outcome, BaseException)]


def race(app: Flask, act: Callable[[int], object], *, threads: int = 20) -> list[object]:
    """Call `act(number)` in so many threads at once; returns what each returned or raised."""
    barrier = threading.Barrier(threads)
    outcomes: list[object] = []

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                outcomes.append(act(number))
            except Exception as error:  # noqa: BLE001 (the test asserts what was raised)
                outcomes.append(error)
            finally:
                db.session.remove()

    runners = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert len(outcomes) == threads
    return outcomes
