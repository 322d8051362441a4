"""Code sequence items (PS3.3 8): a code that a public scheme knows means what that says, any other may say anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.tags import standard
from gateway.tags.actions import TEXT, Context, is_technical, names_somebody
from gateway.tags.descriptors import clean_text
from gateway.tags.meanings import meanings, plain
from gateway.tags.mentions import mentions

VALUE, LONG_VALUE, URN_VALUE = 0x00080100, 0x00080119, 0x00080120
SCHEME, MEANING = 0x00080102, 0x00080104
VALUES = (VALUE, LONG_VALUE, URN_VALUE)
PARTS = frozenset({*VALUES, SCHEME, MEANING})
_CODE = re.compile(r"\S{1,64}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code sequence item as it was read."""

    value: str = field(repr=False)
    scheme: str = field(repr=False)
    meaning: str = field(repr=False)

    @property
    def public(self) -> bool:
        """Whether its scheme is a public one."""
        return self.scheme in standard.coding_schemes()


DUMMY = {VALUE: TEXT, LONG_VALUE: TEXT, URN_VALUE: "urn:deidentified", SCHEME: "99DEID", MEANING: TEXT}


def clean_part(tag: int, text: str, code: Code, context: Context) -> str:
    """Return what stays of one part (value, scheme or meaning) of a code; never empty, since each is of type 1.

    In a public code a word may be somebody's name too (``Brain``): it stays if the judge finds it technical.
    """
    named = mentions(context.identifiers).found_in(text)
    if tag == SCHEME:
        kept = code.public or not (named or len(text) > 16 or names_somebody(text, context))
        return text if kept else DUMMY[tag]
    innocent = not named or is_technical(text, context)
    if tag == MEANING:
        return _meaning(text, code, context, innocent=innocent)
    if code.public and innocent:
        return text
    return text if _CODE.fullmatch(text) and not named else DUMMY[tag]


def _meaning(text: str, code: Code, context: Context, *, innocent: bool) -> str:
    """Return the meaning of a code as its scheme words it; words of any other meaning are judged as free text."""
    known = meanings(code.scheme, code.value) if code.public else ()
    if innocent and plain(text) in map(plain, known):
        return text
    kept = clean_text(text, context)
    if kept == text.strip():
        return text
    own = mentions(context.identifiers)
    return next((word for word in known if not own.found_in(word)), kept or DUMMY[MEANING])
