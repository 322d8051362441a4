"""Ends what takes too long: a pattern such as ``(a+)+$`` may need longer than anybody waits on one value of a header."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gateway.errors import RejectedByRecipe


@contextmanager
def limited(recipe: str, seconds: float) -> Iterator[None]:
    """Let the body of the ``with`` take so many seconds of processor time; to be used in the main thread of a process.

    Python's ``re`` looks for signals while it searches, so a search ends too. Whoever catches the error on the way (deid
    does) changes nothing: it is raised when the body ends.

    Raises:
        RejectedByRecipe: it took longer.
    """
    over = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal over
        over = True
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds)  # again, in case somebody catches the first
        yield
    except TimeoutError:
        if not over:
            raise
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    if over:
        raise RejectedByRecipe(f"The recipe {recipe} takes too long on an instance; write its patterns simpler.")
