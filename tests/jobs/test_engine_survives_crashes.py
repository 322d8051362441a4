"""Local processes: tasks run in parallel, and a process that dies takes only its own task with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from gateway.errors import ModelError, WorkerCrashed
from gateway.jobs.engines import LocalEngine


def nothing() -> None:
    """Load nothing."""


def square(number: int) -> int:
    return number * number


def square_or_die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die_once(marks: Path, number: int) -> int:
    mark = marks / str(number)
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def fail_to_load() -> None:
    raise RuntimeError("no model")


def results(work: Callable[[int], int], workers: int = 2) -> dict[int, int | str]:
    engine = LocalEngine(workers, nothing)
    return {
        task: "crashed" if isinstance(result, WorkerCrashed) else result for task, result in engine.run(range(6), work)
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_gets_its_result(workers: int) -> None:
    assert results(square, workers) == {n: n * n for n in range(6)}


def test_a_task_that_kills_its_process_is_named_and_the_others_finish() -> None:
    assert results(square_or_die) == {0: 0, 1: 1, 2: 4, 3: "crashed", 4: 16, 5: 25}


def test_a_task_whose_process_died_once_gets_a_second_try(tmp_path: Path) -> None:
    assert results(partial(die_once, tmp_path)) == {n: n * n for n in range(6)}


def test_a_process_that_cannot_load_its_models_stops_the_run() -> None:
    with pytest.raises(ModelError, match="gateway doctor"):
        list(LocalEngine(1, fail_to_load).run([1], square))


def test_without_tasks_nothing_is_yielded() -> None:
    assert list(LocalEngine(1, nothing).run([], square)) == []
