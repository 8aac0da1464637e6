"""What gunicorn reads by itself in this folder: hooks of its master process; the command line holds the sizes."""

import os
from typing import Any


def child_exit(server: Any, worker: Any) -> None:
    """Forget the live figures of a worker that ended; what it counted stays in the sums."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
