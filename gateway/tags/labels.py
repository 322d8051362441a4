"""Labels: short texts by which objects are told apart, or by which another element refers to them (a layer, a segment, a ROI).

A label keeps its technical words. One that loses anything gets a mark made with the site's secret key, so that different
labels stay different, and equal ones equal: a function of the original alone, which maps the name of a graphic layer and the
references to it alike (PS3.3 C.10.5, C.10.7), in every instance.
"""

from __future__ import annotations

import re
from functools import cache

from gateway.records import Verdict
from gateway.tags import graphics, standard
from gateway.tags.actions import Context
from gateway.tags.descriptors import clean_text
from gateway.tags.mentions import mentions
from gateway.tags.values import LONGEST

_WORD = "LABEL"
_CODE = re.compile(r"[A-Z0-9 _]{1,16}")
# Programs write labels in one word (``LungNodule0001``): its words in camel case, and its numbers.
_PARTS = re.compile(r"[^\W\d_]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])|\d+(?:\.\d+)*|[A-Z]")
_NUMBER = re.compile(r"[\d ._#-]{1,5}")
_CS_LENGTH, _ROOM = 16, 1024


@cache
def tags() -> frozenset[int]:
    """Return the attributes that are labels (profiles/standard/labels.csv, and the layers of overlays)."""
    return graphics.LAYERS | {int(row["tag"], 16) for row in standard.read("labels.csv")}


def clean_label(vr: str, text: str, context: Context) -> str:
    """Return what a label becomes: itself if it is technical, else its technical words and a keyed mark; never empty.

    Short numbers are labels too, unless they are one of the study's own.
    """
    if not text or (_NUMBER.fullmatch(text) and not mentions(context.identifiers).found_in(text)):
        return text
    if vr == "CS":
        if _CODE.fullmatch(text) and context.judge.judge(text, context.identifiers).verdict is Verdict.TECHNICAL:
            return text
        return keyed_label(vr, text, context)
    kept = clean_text(text, context)
    if kept == text.strip():
        return text
    apart = " ".join(_PARTS.findall(text))
    parts = clean_text(apart, context)
    return text if parts == apart else keyed_label(vr, text, context, max(kept, parts, key=len))


def keyed_label(vr: str, text: str, context: Context, kept: str = "") -> str:
    """Return a label that tells nothing of ``text`` but ``kept``; the same for the same text, another for another."""
    mark = context.pseudonymizer.mark(text)
    room = (_CS_LENGTH if vr == "CS" else LONGEST.get(vr, _ROOM)) - len(mark) - 1
    return f"{(kept or _WORD)[:room].rstrip()} {mark}"
