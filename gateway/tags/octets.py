"""Text in values that are bytes or numbers: what stands there is nobody's to read, and still goes out.

A private value that holds the study's own values goes, and so does any that is nothing but text, where numbers should be.
"""

from __future__ import annotations

import re

from gateway.tags.actions import Context
from gateway.tags.values import BINARY

_WORD = re.compile(r"[^\W_]+")
_CHANCE = 0.001
_BYTES = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
# Numbers look like text by chance where they are few, or one number many times.
_LEAST, _DISTINCT, _SHARE = 12, 8, 0.8
_PRINTED = re.compile(rb"[\t\n\r\x20-\x7e]+")
_LETTERS = re.compile(rb"[A-Za-z0-9 ]")


def says_something(tag: int, vr: str, data: bytes, context: Context) -> bool:
    """Whether bytes or numbers are a text, or private bytes hold one that names somebody of the study.

    Tables and waveforms of the standard are no noise: a ramp holds ``123456``. What stands in them the verifier weighs.
    """
    return is_text(data) or (bool(tag >> 16 & 1) and vr in BINARY and names_somebody(data, context))


def names_somebody(data: bytes, context: Context) -> bool:
    """Whether a value holds one of the study's identifying values as text, in one of the common encodings.

    Short words turn up in large values by chance; a hit counts only if fewer than one in 1,000 would be.
    """
    low = data.lower()
    identifiers, instance = context.identifiers, context.instance
    texts = {word for name in (*identifiers.names, *identifiers.places) for word in _WORD.findall(name.casefold())}
    texts |= {value.casefold() for value in (*identifiers.ids, *identifiers.dates)}
    texts |= {instance.study_uid, instance.series_uid, instance.sop_uid} - {""}
    return any(
        form in low and len(low) * 2.0 ** len(text) / 256.0 ** len(form) < _CHANCE
        for text in texts
        for form in {text.encode(encoding, "ignore").lower() for encoding in _BYTES} - {b""}
    )


def is_text(data: bytes) -> bool:
    """Whether a value of bytes or numbers is a text: printed characters of ASCII (or of UTF-16) only, most of them letters."""
    plain = data.rstrip(b"\0")
    if not plain[1::2].strip(b"\0"):
        plain = plain[::2]
    return (
        len(plain) >= _LEAST
        and _PRINTED.fullmatch(plain) is not None
        and len(set(plain)) > _DISTINCT
        and len(_LETTERS.findall(plain)) >= _SHARE * len(plain)
    )
