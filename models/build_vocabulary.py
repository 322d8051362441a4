"""Build ``profiles/vocabulary/standard.txt`` and ``ambiguous.txt`` from the packages we install and our hand-written lists.

Run it after a change of pydicom or of a hand-written list: ``python -m models.build_vocabulary``. Nothing is downloaded.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from pydicom.datadict import DicomDictionary
from pydicom.sr._cid_dict import name_for_cid
from pydicom.sr._concepts_dict import concepts

from gateway.judge.text import fold
from gateway.judge.vocabulary import derived

ROOT = Path(__file__).parents[1]
VOCABULARY = ROOT / "profiles" / "vocabulary"
NAMES = ROOT / "models" / "training"
HAND = ("console", "units", "protocol", "languages")
# After the recogniser was trained: the lists that it draws from stay as they were.
ADDED = (
    "additions",
    "abbreviations",
    "clinical_english",
    "clinical_north",
    "clinical_south",
    "clinical_phrases",
    "reports",
)

# Context groups whose meanings name people, organisations, places or animals' breeds (breeds are mostly place names).
PEOPLE_AND_PLACES = re.compile(r"breed|role|countr|language|organiz|species|registry|staff", re.IGNORECASE)

# Semantic tags at the end of SNOMED CT names that mark people, places and breeds.
PEOPLE_MEANING = re.compile(
    r"\((?:organism|person|occupation|ethnic group|geographic location|environment)[^)]*\)$|breed|cattle|swine"
)


def words(text: str) -> list[str]:
    """The alphabetic words of a text."""
    return re.findall(r"[^\W\d_]+", text)


def listed(path: Path) -> set[str]:
    """The entries of a hand-written list."""
    return {line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")}


def folded(name: str) -> set[str]:
    """A hand-written list of ``models/training``, folded."""
    return {fold(word) for word in listed(NAMES / f"{name}.txt")}


def names(kind: str) -> set[str]:
    """The ``given`` or ``family`` names of the training lists, or those that are words (``word``), folded."""
    return {fold(part) for entry in listed(NAMES / f"{kind}_names.txt") for part in entry.split()}


def standard_words() -> set[str]:
    """Words of code meanings (pydicom.sr) and attribute names (pydicom.datadict) of three letters and more, folded."""
    people = {cid for cid, name in name_for_cid.items() if PEOPLE_AND_PLACES.search(name)}
    seen: Counter[str] = Counter()
    for scheme in concepts.values():
        for codes in scheme.values():
            for meaning, cids in codes.values():
                if (not cids or set(cids) - people) and not PEOPLE_MEANING.search(meaning):
                    seen.update(fold(word) for word in words(meaning))
    for _vr, _vm, name, _retired, _keyword in DicomDictionary.values():
        seen.update(fold(word) for word in words(name))
    drop = folded("not_technical")
    return {word for word in seen if len(word) >= 3 and word.isascii() and word not in drop}


HEADS = {
    "standard": """Technical words of the standard: code meanings (pydicom.sr of pydicom 3.0: DCM, SNOMED CT, LOINC, UCUM names)
and attribute names (pydicom.datadict). Written by models/build_vocabulary.py; do not edit.""",
    "ambiguous": """Technical words that are also names of people or places: they count as technical only beside other technical
words. Written by models/build_vocabulary.py from the other lists and models/training/*_names.txt; do not edit.""",
}


def generate() -> dict[str, set[str]]:
    """The words of both lists. A word of the standard that is a name (Taylor, Williams: their equations) is none of them."""
    hand = {fold(word) for name in HAND for word in listed(VOCABULARY / f"{name}.txt")}
    strong = {fold(word.rstrip("*")) for word in listed(VOCABULARY / "facility.txt") if not word.startswith("?")}
    people = names("given") | names("family") | folded("eponyms") | names("word")
    standard = standard_words() - strong - (people - folded("dominant") - folded("plain_words"))
    added = {fold(word) for name in ADDED for word in listed(VOCABULARY / f"{name}.txt")}
    prefixes = {fold(word) for word in listed(VOCABULARY / "prefixes.txt")}
    listed_words = standard | hand | added
    ambiguous = (
        (listed_words & people) - folded("dominant") - {fold(word) for word in listed(VOCABULARY / "people.txt")}
    )
    ambiguous |= {name for name in people if derived(name, listed_words, ambiguous, prefixes)} - folded("dominant")
    return {"standard": standard - hand, "ambiguous": ambiguous}


def write(place: Path, name: str, head: str, entries: set[str]) -> None:
    """Write one list, sorted, with its head."""
    text = "".join(f"# {line}\n" for line in head.split("\n")) + "".join(f"{entry}\n" for entry in sorted(entries))
    (place / f"{name}.txt").write_text(text, "utf-8")


def main() -> None:
    """Write both lists."""
    for name, entries in generate().items():
        write(VOCABULARY, name, HEADS[name], entries)
        print(f"{name}.txt: {len(entries)} words")


if __name__ == "__main__":
    main()
