"""The time of a text grows with its length and no faster, whatever stands in it.

Ten times the length costs about ten times the time; what tries every pair of places costs a hundred times.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from gateway.judge import keeping, numbers, patterns, streets, technical
from gateway.judge.vocabulary import Vocabulary
from gateway.resources import folder

VOCABULARY = Vocabulary.load(folder("profiles") / "vocabulary")
SHORT, LONG = 1_000, 10_000
PIECES = """
    a A 1 0 - _ . / : ^ @ ' ( 日 ö 1- a- a1 A1 12/ ab. 1. a@ @a a_ -a a' i. M. 12: x1 1x (1 +1 0- AB A.B a: fe: ffff: 0a- www.
    http: ninety en und 9y y/ (RT \\a a^b^ Flat/ Min-Quilf Quilf- 1/1 1+ 1'1 19'
""".split()  # noqa: SIM905  # pieces read best as they stand
SPACED = """
    a|A|1|12|m|of|by|jan|1 jan|dr|dr.|iv|no|r|y|age|turned 9|is|signed|RT A|AB|A.|aa bb|12 Foo|C/ Foo|Foo,|rue|rue a|Flat 1,|1,|T2
    mm|5 mm|S M|Baker|cyst de|hospital|1234 AB Foo|every 2 years|Foo House|Min-Quilf Foo
""".replace("\n", "|").split("|")
TEXTS = [*PIECES, *(f"{piece.strip()} " for piece in SPACED)]


def all_of(text: str) -> Iterator[Callable[[], object]]:
    """What looks at a text without the recogniser of names."""
    found = technical.tokens(text, VOCABULARY, prose=True)
    yield lambda: technical.tokens(text, VOCABULARY, prose=True)
    yield lambda: list(patterns.find(text))
    yield lambda: list(numbers.find(text, found, VOCABULARY))
    yield lambda: list(streets.find(text, found))
    yield lambda: list(technical.people_and_places(text, VOCABULARY))
    yield lambda: technical.doubts(text, found)
    yield lambda: keeping.keep(text, found, (), ())


def seconds(step: Callable[[], object]) -> float:
    """What a step costs, in seconds of this process."""
    start = time.process_time()
    step()
    return time.process_time() - start


def grows_with_length(brief: Callable[[], object], lengthy: Callable[[], object]) -> bool:
    """Whether the long text costs about ten times the short one; a clock that slows down gets three tries.

    A text that costs next to nothing is not measured.
    """
    return any(seconds(lengthy) <= 15 * 1.6 * seconds(brief) + 0.02 for _ in range(3))


@pytest.fixture
def _uncollected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_uncollected")
@pytest.mark.parametrize("piece", TEXTS)
def test_ten_times_the_length_is_ten_times_the_time(piece: str) -> None:
    short, long = ((piece * size)[:size] for size in (SHORT, LONG))
    assert all(grows_with_length(*pair) for pair in zip(all_of(short), all_of(long), strict=True))
