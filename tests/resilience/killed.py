"""Jobs done in another process, which dies by SIGKILL in the middle, and the attempts that they look at; test_grading and test_previews start them."""

import os
import random
import secrets
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from contest.config import ROOT, Config
from contest.core import clock
from contest.core.db import db, unit_of_work
from contest.quiz.models import Attempt
from contest.quiz.rules import AttemptState
from question_bank.draw import SEED_BITS
from tests.resilience.site import Entrant

EACH = 230


def hand_in_many(app: Flask, round_id: int, entrants: list[Entrant]) -> None:
    """Write handed-in attempts that wait for marks, so many of each entrant."""
    chance, now = random.Random(7), clock.now()
    with app.app_context():
        with unit_of_work() as session:
            session.execute(
                insert(Attempt),
                [
                    {
                        "round_id": round_id,
                        "entrant_id": entrant.account_id,
                        "number": number,
                        "seed": chance.getrandbits(SEED_BITS),
                        "state": AttemptState.HANDED_IN,
                        "started_at": now - timedelta(minutes=9),
                        "deadline": now + timedelta(minutes=6),
                        "extra_seconds": 0,
                        "answers": "".join(chance.choice("01248") for _ in range(20)),
                        "marked": "",
                        "sequence": number,
                        "handed_in_at": now - timedelta(seconds=number),
                        "receipt": f"{entrant.account_id}-{number}",
                        "digest": secrets.token_hex(32),
                        "duration_ms": chance.randrange(60_000, 540_000),
                    }
                    for entrant in entrants
                    for number in range(1, EACH + 1)
                ],
            )
        db.session.remove()


def work_until_killed(config: Config, script: str, *words: str) -> None:
    """Run that script of this folder over the test's contest; its words say at which moment it dies."""
    env = os.environ | {
        "KV_ENV": "test",
        "KV_DATA_DIR": str(config.data_dir),
        "SECRET_KEY": config.secret_key,
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "STORAGE_URL": config.storage_url,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(Path(__file__).with_name(script)), *words]
    done = subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
