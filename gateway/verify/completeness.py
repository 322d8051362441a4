"""Accounts for every instance of the study, once each, and for every file in the staging folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from gateway.records import Pair, Problem, SourceFile
from gateway.verify import checks


def check(pairs: Sequence[Pair], expected: Sequence[SourceFile], staged: Path) -> Iterator[Problem]:
    """Compare the pairs with the instances that the index holds, and with what lies in ``staged``."""
    originals = Counter(pair.original for pair in pairs)
    written = Counter(Path(pair.written).resolve() for pair in pairs)
    if missing := set(expected) - set(originals):
        yield from (Problem(checks.INSTANCE_MISSING, -1, "study") for _ in missing)
    for index, pair in enumerate(pairs):
        if originals[pair.original] > 1 or written[Path(pair.written).resolve()] > 1:
            yield Problem(checks.INSTANCE_TWICE, index, "study")
        if pair.original not in expected:
            yield Problem(checks.INSTANCE_EXTRA, index, "study")
    for path in staged.rglob("*"):
        if not path.is_dir() and path.resolve() not in written:
            yield Problem(checks.FILE_EXTRA, -1, "staging folder")


def check_uids(written: Sequence[str]) -> Iterator[Problem]:
    """Find SOP Instance UIDs (one per written file, in the order of the pairs) that stand twice."""
    counts = Counter(written)
    for index, uid in enumerate(written):
        if uid and counts[uid] > 1:
            yield Problem(checks.SOP_UID_TWICE, index, "00080018")
