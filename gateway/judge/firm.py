"""Whether a technical text is so firmly technical that it stays beside a patient's details: in a banner, on a form.

There a bare number may be an age or a room, a letter a sex, two letters somebody's initials. What has a measurement, a word of
consoles, a long technical word or the name of a probe is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gateway.judge.technical import Kind, Token
from gateway.judge.vocabulary import Vocabulary

FIRM = "technical.firm"  # the reason that says so
_LONG = 5  # letters of a technical word that is nobody's initials
_SHORT = 2  # letters of a word of consoles
_SIZE = re.compile(
    r"""\d{2,4} ?[x*\u00d7] ?\d{2,4}(?: ?[x*\u00d7] ?\d{1,4})?  # of a matrix
    | v(?:er)?\.? ?\d{1,2}(?:\.\d{1,3}){1,3}  # a version
    | [WLC] ?[:=]? ?-?\d{3,4}  # of a window
    | S ?[:=]? ?\d{2,3} | C ?[:=]? ?\d{2}  # sensitivity of a plate, compression
    | (?:Mo|W|Rh)/(?:Mo|Rh|Ag|Al)  # anode and filter""".replace(" ?", "[ ]?"),
    re.IGNORECASE | re.VERBOSE,
)
_DOUBTFUL = (Kind.UNKNOWN, Kind.AMBIGUOUS, Kind.SELDOM)


def is_firm(text: str, found: Iterable[Token], vocabulary: Vocabulary) -> bool:
    """Whether one of the tokens says what the text is about, and none could be a name; or it is a size or a version."""
    tokens = tuple(found)
    if any(token.kind in _DOUBTFUL for token in tokens):
        return False
    return bool(_SIZE.fullmatch(text.strip())) or any(_tells(token, vocabulary) for token in tokens)


def _tells(token: Token, vocabulary: Vocabulary) -> bool:
    if token.measured or token.kind is Kind.LABEL:
        return True
    letters = sum(char.isalpha() for char in token.text)
    if any(char.isdigit() for char in token.text):
        return letters > 0  # a probe, a sequence, a reading with its unit: C5-1, 28Hz
    if token.kind not in (Kind.WORD, Kind.WEAK):
        return False
    listed = token.text in vocabulary.console or token.text in vocabulary.settings or token.text in vocabulary.units
    return letters >= _LONG or (listed and letters >= _SHORT)
