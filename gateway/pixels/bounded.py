"""Bounds what the decoding of one frame may take: some bytes make a decoder ask for gigabytes, or compute for hours.

What a codestream announces is compared with the header first (``announced``); this is for what nobody thought of. 400 bytes of
JPEG 2000 with precincts of 2x2 pixels took 9 GB and 27 s for a frame of 4096x4096.
"""

from __future__ import annotations

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.pixels.layout import Layout

_FREE, _TIMES = 1 << 30, 32  # bytes for any frame, and for each sample: decoders hold several copies of 4 bytes each
_SECONDS, _PER_SAMPLE = 60.0, 2e-6  # of processor time; the slowest decoder takes 0.3e-6 for a sample
_MAPPED = Path("/proc/self/statm")
_DATA = 5  # the pages of data, which RLIMIT_DATA counts (proc(5))


@contextmanager
def bounded(layout: Layout, seconds: float = _SECONDS) -> Iterator[None]:
    """Let the body of the ``with`` decode one frame, in ``seconds`` and a little for each sample.

    What asks for more memory than that is refused it, and fails as a damaged frame does. What takes longer ends the process:
    no decoder can be interrupted otherwise, and the engine tells a process that died from a study (``WorkerCrashed``).
    """
    samples = layout.rows * layout.columns * layout.samples
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _taken() + _FREE + _TIMES * samples if sys.platform == "linux" else soft
    wanted = [each for each in (soft, hard, limit) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(wanted, default=soft), hard))
    before, _ = signal.setitimer(signal.ITIMER_PROF, seconds + _PER_SAMPLE * samples)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, before)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _taken() -> int:
    """The bytes of data that the process has now."""
    return int(_MAPPED.read_text("ascii").split()[_DATA]) * resource.getpagesize()
