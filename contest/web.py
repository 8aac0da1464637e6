"""The gunicorn worker that answers requests: `--worker-class contest.web.Worker`; `contest run` and an operator's command line name it."""

from concurrent.futures import Executor

from gunicorn.workers.gthread import ThreadWorker

from contest.core.pool import CompensatingPool


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, of which one that waits for a password to be checked does not count: a rush to sign in leaves all of them to those who sit."""

    def get_thread_pool(self) -> Executor:
        """As many threads as `--threads` says answer at a time."""
        return CompensatingPool(self.cfg.threads)
