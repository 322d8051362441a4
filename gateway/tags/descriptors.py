"""Cleans descriptors: free text that a person typed (PS3.15 E.3.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time it imports this module
    from gateway.tags.actions import Context

_LETTER = re.compile(r"[^\W_]")


def clean_text(text: str, context: Context) -> str:
    """Return a text without its identifying and unknown words; empty if nothing with a meaning remains.

    With the profile's knob ``descriptors: keep-known-words`` only words of the shipped vocabulary remain.
    """
    if not _LETTER.search(text):
        return ""
    clean = context.judge.keep_known if context.descriptors == "keep-known-words" else context.judge.clean
    cleaned, _ = clean(text, context.identifiers)
    return cleaned.strip() if _LETTER.search(cleaned) else ""
