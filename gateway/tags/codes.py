"""Code sequence items (PS3.3 8): a code of a public scheme says what it says, a private one may say anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.tags import standard
from gateway.tags.actions import TEXT, legal_code
from gateway.tags.descriptors import clean_text
from gateway.tags.mentions import mentions

if TYPE_CHECKING:
    from gateway.tags.actions import Context

VALUE, LONG_VALUE, URN_VALUE = 0x00080100, 0x00080119, 0x00080120
SCHEME, MEANING = 0x00080102, 0x00080104
VALUES = (VALUE, LONG_VALUE, URN_VALUE)
PARTS = frozenset({*VALUES, SCHEME, MEANING})
_CODE = re.compile(r"\S{1,64}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code sequence item as it was read."""

    value: str
    scheme: str
    meaning: str

    @property
    def public(self) -> bool:
        """Whether its scheme is a public one."""
        return self.scheme in standard.coding_schemes()


DUMMY = {VALUE: TEXT, LONG_VALUE: TEXT, URN_VALUE: "urn:deidentified", SCHEME: "99DEID", MEANING: TEXT}


def clean_part(tag: int, text: str, code: Code, context: Context) -> str:
    """Return what stays of one part (value, scheme or meaning) of a code; never empty, since each is of type 1."""
    if code.public and (tag == SCHEME or not mentions(context.identifiers).found_in(text) or _is_known(text, context)):
        return text
    if tag == MEANING:
        return clean_text(text, context) or DUMMY[tag]
    if tag == SCHEME:
        return text if legal_code(text, context) == text and len(text) <= 16 else DUMMY[tag]
    harmless = _CODE.fullmatch(text) is not None and not mentions(context.identifiers).found_in(text)
    return text if harmless else DUMMY[tag]


def _is_known(text: str, context: Context) -> bool:
    """A technical word may also be somebody's name (``Brain``): in a public code it is the word."""
    return not any(char.isdigit() for char in text) and bool(legal_code(text.upper()[:16], context))
