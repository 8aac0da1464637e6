"""A forking worker in a process of its own, as in life: a process that has used storage must not fork."""

import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

from contest import create_app, worker
from contest.config import Config


def start(config: Config, names: list[str], memory: int = worker.MEMORY) -> BaseProcess:
    """Start a worker that empties these queues and ends; `memory` is what each of its jobs may use."""
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(config, names, memory))
    process.start()
    return process


def horses(process: BaseProcess) -> list[int]:
    """The processes in which a worker runs its jobs."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def _work(config: Config, names: list[str], memory: int) -> None:
    worker.MEMORY = memory
    worker.run_worker(create_app(config), names=names, forking=True, burst=True)
