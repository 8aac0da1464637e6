"""A forking worker in a process of its own, as in life: a process that has used storage must not fork."""

import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

from contest import create_app, worker
from contest.config import Config


def start(
    config: Config, names: list[str], memory: int = worker.MEMORY, seconds: int = worker.CPU_SECONDS
) -> BaseProcess:
    """Start a worker that empties these queues and ends; `memory` and `seconds` of a processor are what each of its jobs may use."""
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(config, names, memory, seconds))
    process.start()
    return process


def horses(process: BaseProcess) -> list[int]:
    """The processes in which a worker runs its jobs."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def _work(config: Config, names: list[str], memory: int, seconds: int) -> None:
    worker.MEMORY, worker.CPU_SECONDS = memory, seconds
    worker.run_worker(create_app(config), names=names, forking=True, burst=True)
