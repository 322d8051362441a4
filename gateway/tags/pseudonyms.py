"""Substitutes made with the site's secret key: pure functions, the same in every run of the same home.

HMAC-SHA256 (RFC 2104, FIPS 180-4) with one prefix per purpose, so that no substitute tells anything about another one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from gateway.tags.uids import is_legal

_LONGEST_SHIFT = 3650
_MARK = "BCDFGHJKLMNPQRSTVWXZ23456789"


class Pseudonymizer:
    """Makes UIDs, patient pseudonyms and date shifts from a secret key of at least 16 bytes.

    ``keep_uids``: UIDs that stand in elements stay what they are (Retain UIDs Option, PS3.15 E.3.9). One that has not the form
    of a UID is replaced all the same.
    """

    def __init__(self, key: bytes, *, keep_uids: bool = False) -> None:
        if len(key) < 16:
            raise ValueError("the key must have 16 bytes or more")
        self._key = key
        self._keep_uids = keep_uids

    def __repr__(self) -> str:
        return "Pseudonymizer()"

    def for_elements(self, *, keep_uids: bool) -> Pseudonymizer:
        """Return what makes the substitutes in elements; names of files, ledger and state never hold an original UID."""
        return Pseudonymizer(self._key, keep_uids=True) if keep_uids else self

    def uid(self, original: str) -> str:
        """Return the UID that replaces ``original`` everywhere: ``2.25.`` and a UUID of version 8 (PS3.5 B.2, RFC 9562)."""
        original = original.strip("\0 ")
        if self._keep_uids and is_legal(original):
            return original
        number = int.from_bytes(self._digest("uid", original)[:16], "big")
        number = number & ~(0xF << 76) | (8 << 76)
        number = number & ~(3 << 62) | (2 << 62)
        return f"2.25.{number}"

    def patient(self, patient_id: str, fallback: str) -> str:
        """Return a patient's pseudonym: ``P`` and 15 letters and digits; from ``fallback`` if there is no Patient ID."""
        digest = self._digest("patient", patient_id) if patient_id else self._digest("no patient", fallback)
        return "P" + base64.b32encode(digest)[:15].decode("ascii")

    def shift(self, patient_id_or_fallback: str) -> int:
        """Return the days by which a patient's dates move: from -3650 to -1, so that none lies in the future."""
        return -1 - int.from_bytes(self._digest("shift", patient_id_or_fallback)[:8], "big") % _LONGEST_SHIFT

    def token(self, original: str) -> str:
        """Return what stands for an identifier of a thing or an order: ``D`` and 15 letters and digits, legal in AE, SH, LO."""
        return "D" + base64.b32encode(self._digest("token", original))[:15].decode("ascii")

    def accession(self, original: str) -> str:
        """Return what stands for an accession number: 11 digits, of which the first is not 0."""
        return str(10**10 + int.from_bytes(self._digest("accession", original)[:8], "big") % (9 * 10**10))

    def mark(self, label: str) -> str:
        """Return five letters and digits that stand for what a label lost; no vowels, so that they spell nothing."""
        number = int.from_bytes(self._digest("label", label)[:8], "big")
        return "".join(_MARK[number // len(_MARK) ** place % len(_MARK)] for place in range(5))

    def _digest(self, purpose: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{purpose}\0{text}".encode("utf-8", "surrogateescape"), hashlib.sha256)
