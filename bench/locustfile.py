"""What locust sends where there is no wrk: the prepared requests of BENCH_REQUESTS, in turn."""

import itertools
import os
from pathlib import Path

from locust import FastHttpUser, task

LINES = [line.split("\t") for line in Path(os.environ["BENCH_REQUESTS"]).read_text(encoding="utf-8").splitlines()]
ONCE = os.environ.get("BENCH_ONCE") == "1"
EXPECTED = int(os.environ.get("BENCH_EXPECT", "200"))
NUMBERS = itertools.count(int(os.environ.get("BENCH_SEQUENCE", "1")))
WAITING = iter(LINES) if ONCE else itertools.cycle(LINES)


class Citizen(FastHttpUser):
    """Sends the next prepared request as soon as the last was answered."""

    @task
    def act(self) -> None:
        """One request."""
        line = next(WAITING, None)
        if line is None:
            self.environment.runner.quit()
            return
        method, path, heads, body = line
        headers = dict(head.split(": ", 1) for head in heads.split("|") if head)
        body = body.replace("@seq@", str(next(NUMBERS)))
        with self.client.request(
            method, path, name="bench", headers=headers, data=body, allow_redirects=False, catch_response=True
        ) as reply:
            if reply.status_code == EXPECTED:
                reply.success()
            else:
                reply.failure(f"status {reply.status_code}")
