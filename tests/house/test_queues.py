"""Guards the queues: each is heard by a worker of `contest run`, and every job and periodic job can be found by one."""

import ast
from collections.abc import Iterable
from importlib import import_module
from itertools import pairwise

import pytest

from contest import run, worker
from contest.core import queue
from contest.core.queue import Periodic
from tests.house.source import Tree, the_house, tree_of


def unheard(commands: Iterable[list[str]], queues: Iterable[str]) -> set[str]:
    """Queues that none of the worker commands names."""
    heard = {word for command in commands for flag, word in pairwise(command) if flag == "--queue"}
    return set(queues) - heard


def strange_periodics(jobs: Iterable[Periodic]) -> list[str]:
    """Periodic jobs on an unknown queue, without an interval, or that a worker could not import."""
    return [
        job.func.__qualname__
        for job in jobs
        if job.queue not in queue.QUEUES or job.every < 1 or not _importable(job.func.__module__, job.func.__qualname__)
    ]


def unlisted_rooms(tree: Tree, listed: Iterable[str]) -> set[str]:
    """Rooms whose jobs declare PERIODIC and that the worker does not ask."""
    declaring = {
        name.split(".")[1]
        for name, module in tree.items()
        if name.endswith(".jobs")
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id == "PERIODIC"
    }
    return declaring - set(listed)


def lost_jobs(tree: Tree) -> list[str]:
    """Functions handed to the queue that are not top-level functions of a jobs module, as "module:line"."""
    lost = []
    for name, module in tree.items():
        tops = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(module):
            func = _handed_over(node)
            if func is None or name in ("contest.core.queue", "contest.core.tickets"):
                continue
            here = isinstance(func, ast.Name) and func.id in tops and name.endswith(".jobs")
            there = isinstance(func, ast.Attribute) and ast.unparse(func.value).endswith("jobs")
            if not here and not there:
                lost.append(f"{name}:{node.lineno} {ast.unparse(func)}")
    return lost


def _handed_over(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("queue.enqueue", "queue.send", "tickets.ask"):
        return None
    return node.args[1]


def _importable(module: str, name: str) -> bool:
    return callable(getattr(import_module(module), name, None))


def test_every_queue_is_heard_by_what_the_run_command_starts() -> None:
    assert unheard(run.worker_commands().values(), queue.QUEUES) == set()


def test_guard_sees_a_queue_that_nobody_hears() -> None:
    assert unheard([["contest", "worker", "--queue", "quiz"]], ("quiz", "files")) == {"files"}


def test_every_periodic_job_can_be_run() -> None:
    assert strange_periodics(worker.periodic_jobs()) == []


@pytest.mark.parametrize(
    "job",
    [
        Periodic(lambda: None, queue.QUIZ, every=60),
        Periodic(unheard, "nowhere", every=60),
        Periodic(unheard, queue.QUIZ, every=0),
    ],
)
def test_guard_sees_a_periodic_job_that_cannot_be_run(job: Periodic) -> None:
    assert strange_periodics([job]) == [job.func.__qualname__]


def test_every_room_with_periodic_jobs_is_asked_for_them() -> None:
    assert unlisted_rooms(the_house(), worker.ROOMS_WITH_JOBS) == set()


def test_guard_sees_a_room_that_nobody_asks() -> None:
    sample = tree_of({"contest.photo.jobs": "PERIODIC: list = []", "contest.quiz.jobs": "PERIODIC = []"})

    assert unlisted_rooms(sample, ["quiz"]) == {"photo"}


def test_every_job_handed_to_a_queue_lives_in_a_jobs_module() -> None:
    assert lost_jobs(the_house()) == []


def test_guard_sees_a_job_that_a_worker_could_not_import() -> None:
    inner = "def route():\n    def act(): ...\n    queue.enqueue(queue.QUIZ, act)\n    queue.send(queue.QUIZ, jobs.grade, 1)"

    assert lost_jobs(tree_of({"contest.quiz.routes": inner})) == ["contest.quiz.routes:3 act"]
