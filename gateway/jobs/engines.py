"""Runs the cleaning of studies in local processes. A process that dies takes no other study with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from gateway.errors import ModelError, WorkerCrashed

_ALONE = 1 << 20  # bytes: what is larger is taken from the system by itself, and given back as soon as it is free
Task = TypeVar("Task")
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs tasks and yields each with its result, or with ``WorkerCrashed`` when its process died, in any order."""

    def run(
        self, tasks: Iterable[Task], work: Callable[[Task], Result]
    ) -> Iterator[tuple[Task, Result | WorkerCrashed]]:
        """Apply ``work`` (a module-level function) to each task."""
        ...


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """``workers`` processes on this machine. ``prepare`` loads what ``work`` needs, once in each process."""

    workers: int
    prepare: Callable[[], None]

    def run(
        self, tasks: Iterable[Task], work: Callable[[Task], Result]
    ) -> Iterator[tuple[Task, Result | WorkerCrashed]]:
        """Apply ``work`` to each task, taking a new task only when a process is free.

        Each process is a pool of its own, so that when one dies the task that killed it is known. That task gets a second
        try in a fresh process, for the death may have been another's fault (no memory left).

        Raises:
            ModelError: a process cannot be prepared.
        """
        waiting = iter(tasks)
        lanes = [self._lane() for _ in range(self.workers)]
        under_way: dict[Future[Result], tuple[Task, int, int]] = {}
        processes = [0] * self.workers

        def start(lane: int) -> None:
            for task in waiting:
                under_way[lanes[lane].submit(work, task)] = (task, lane, 1)
                return

        try:
            for lane, process in enumerate(self._await_ready(lanes)):
                processes[lane] = process
                start(lane)
            while under_way:
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    task, lane, attempt = under_way.pop(future)
                    try:
                        result: Result | WorkerCrashed = future.result()
                    except BrokenProcessPool:
                        lanes[lane].shutdown()
                        lanes[lane] = self._lane()
                        (processes[lane],) = self._await_ready([lanes[lane]])
                        if attempt == 1:
                            under_way[lanes[lane].submit(work, task)] = (task, lane, 2)
                            continue
                        result = WorkerCrashed("The process that cleaned this study died, twice.")
                    start(lane)
                    yield task, result
        finally:
            for process in filter(None, processes) if under_way else ():
                os.kill(process, signal.SIGKILL)  # the run was stopped: nobody waits for the rest
            for pool in lanes:
                pool.shutdown(wait=False, cancel_futures=True)

    def _lane(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # fork would copy threads and locks of whatever is loaded here
        return ProcessPoolExecutor(1, context, _enter, (self.prepare, os.getpid()))

    def _await_ready(self, lanes: Iterable[ProcessPoolExecutor]) -> list[int]:
        """Wait until the processes are prepared; return their ids."""
        try:
            return [ready.result() for ready in [lane.submit(os.getpid) for lane in lanes]]
        except BrokenProcessPool:
            raise ModelError("A cleaning process cannot load its models; `gateway doctor` says which.") from None


def _enter(prepare: Callable[[], None], parent: int) -> None:
    """Begin a process: die with the parent, leave Ctrl-C to it, keep the decoders' own complaints off the terminal."""
    if sys.platform == "linux":
        # PR_SET_PDEATHSIG: an orphan must not go on writing into the staging.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        _return_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("wb") as nowhere:  # C libraries complain of a file's content on stderr
        os.dup2(nowhere.fileno(), 2)
    prepare()


def _return_memory() -> None:
    """Let glibc give back what frames took: by itself it keeps all, for each thread (mallopt(3)). Measured: 1.1 GB become 0.8."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    for option, value in ((-3, _ALONE), (-1, _ALONE), (-8, 2)):  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX
        if set_option:
            set_option(option, value)
