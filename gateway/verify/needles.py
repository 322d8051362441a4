"""The byte strings that may stand nowhere in a written file, and how sure a hit is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, permutations, product
from typing import Final

from gateway.verify.identifiers import Secrets, calendar_day
from gateway.verify.vocabulary import fold, inside_a_word

#: The encodings that Specific Character Set can name (PS3.3 C.12.1.1.2), and those that carelessness writes.
_ENCODINGS: Final = (
    "latin-1", "utf-8", "utf-16-le", "utf-16-be", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
    "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-15", "cp1251", "koi8-r", "tis-620", "shift_jis", "euc_jp",
    "iso2022_jp", "iso2022_jp_2", "euc_kr", "gb2312", "gb18030", "big5",
)  # fmt: skip
_NAME_JOINTS: Final = ("^", " ", ", ", ",", "_", "-", ".")
_ID_JOINTS: Final = ("", "-", "_", " ", ".", "/")
#: The parts of a name that are paired with each other; in longer ones only neighbours are, or the pairs would fill the memory.
_PAIRED: Final = 8
#: How far two neighbouring bytes of an image differ: decay of a two-sided geometric law, from flat to noisy.
_DECAYS: Final = (0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
#: A chance hit somewhere in a study's images must be less likely than 2 to the minus this.
_MARGIN_BITS: Final = 20


@dataclass(frozen=True, slots=True)
class Needle:
    """``literal`` in lower case; ``number``: only a hit without digits or dots beside it counts."""

    literal: bytes = field(repr=False)
    number: bool

    def telling(self, size: int) -> bool:
        """Whether a hit in ``size`` bytes of numbers (pixels, tables) cannot be chance."""
        return surprise(self.literal) >= math.log2(size + 1) + _MARGIN_BITS


def needles(secrets: Secrets) -> tuple[Needle, ...]:
    """Every form of the distinctive identifiers. Short or ordinary ones are left to the element-wise checks."""
    texts = set(_names(secrets)) | set(_values(secrets))
    literals = {text.encode("utf-16-le")[:-1] for text in texts if len(text) >= 4}
    literals |= {text.encode() for text in texts if text.isascii()}
    literals |= set(_encoded(secrets))
    numbers = set(_numbers(secrets)) | {uid.encode("ascii", "replace") for uid in secrets.uids}
    return tuple(
        Needle(literal, literal in numbers) for literal in sorted({literal.lower() for literal in literals | numbers})
    )


def surprise(literal: bytes) -> float:
    """How improbable a chance hit on ``literal`` at one place is, in bits, in the image-like data most prone to it.

    The data are modelled as bytes whose difference to the byte one, two or three before (8-bit, 16-bit, RGB) follows a
    two-sided geometric law; of all lags and decays the most favourable counts. So ``00000000`` has nearly no bits, as
    flat images are full of it, and a name of eight letters has 35 to 45. Letters lose a bit each: either case counts.
    """
    letters = sum(1 for byte in literal if 0x61 <= byte <= 0x7A)
    return min(_image_bits(literal, lag, decay) for lag, decay in product((1, 2, 3), _DECAYS)) - letters


def _image_bits(literal: bytes, lag: int, decay: float) -> float:
    steps = [abs(a - b) for a, b in zip(literal[lag:], literal, strict=False)]
    each = -math.log2((1 - decay) / (1 + decay))
    return 8.0 * min(lag, len(literal)) + sum(min(8.0, each - step * math.log2(decay)) for step in steps)


def _names(secrets: Secrets) -> Iterator[str]:
    for name in secrets.names:
        yield from (word for word in name if _distinctive(word, 5, secrets))
        parts = tuple(dict.fromkeys(word for word in name if len(word) > 1 and not word.isdigit()))
        pairs = {*permutations(parts[:_PAIRED], 2), *pairwise(parts), *pairwise(reversed(parts))}
        for first, second in pairs:
            common = secrets.ordinary(first) and secrets.ordinary(second)
            yield from (f"{first}{joint}{second}" for joint in (("^",) if common else _NAME_JOINTS))
            if len(first) + len(second) >= 8 and not common and not inside_a_word(first + second):
                yield first + second


def _values(secrets: Secrets) -> Iterator[str]:
    for words in secrets.ids:
        if sum(map(len, words)) >= 6 and not all(map(secrets.ordinary, words)) and not "".join(words).isdigit():
            yield from (joint.join(words) for joint in _ID_JOINTS)
    for words in secrets.stems:
        if sum(map(len, words)) >= 8 and any(_distinctive(word, 6, secrets) for word in words):
            yield from (joint.join(words) for joint in _ID_JOINTS)
    for words in secrets.places:
        yield from (word for word in words if _distinctive(word, 6, secrets))
        if len(words) > 1 and sum(map(len, words)) >= 6 and not all(map(secrets.ordinary, words)):
            yield from (joint.join(words) for joint in (" ", "_", "-", ", ", "^"))


def _numbers(secrets: Secrets) -> Iterator[bytes]:
    """Numbers of seven digits and more; six are a time of day, and eight that name a day stand in every DA."""
    for number in {"".join(words) for words in secrets.ids} | secrets.phones:
        if (
            number.isascii()
            and number.isdigit()
            and len(number) >= 7
            and not calendar_day(number)
            and len(set(number)) > 1
        ):
            yield number.encode()


def _encoded(secrets: Secrets) -> Iterator[bytes]:
    """The words that are not ASCII, in every encoding that can hold them."""
    for value in secrets.exact:
        for word in value.replace("^", " ").split():
            if word.isascii() or len(fold(word)) < 2 or (len(word) < 4 and not _ideographic(word)):
                continue
            for encoding, form in product(_ENCODINGS, {word, word.lower(), word.upper(), word.title()}):
                try:
                    literal = form.encode(encoding)
                except UnicodeEncodeError:
                    continue
                yield literal.removesuffix(b"\x1b(B")


def _distinctive(word: str, least: int, secrets: Secrets) -> bool:
    return len(word) >= least and not word.isdigit() and not secrets.ordinary(word) and not inside_a_word(word)


def _ideographic(word: str) -> bool:
    return all(ord(character) >= 0x2E80 for character in word)
