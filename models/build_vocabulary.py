"""Build ``profiles/vocabulary/standard.txt`` and ``ambiguous.txt`` from the packages we install and our hand-written lists.

Run it after a change of pydicom or of a hand-written list: ``python models/build_vocabulary.py``. Nothing is downloaded.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from pydicom.datadict import DicomDictionary
from pydicom.sr._cid_dict import name_for_cid
from pydicom.sr._concepts_dict import concepts

from gateway.judge.text import fold

ROOT = Path(__file__).parents[1]
VOCABULARY = ROOT / "profiles" / "vocabulary"
NAMES = ROOT / "models" / "training"
HAND = ("console", "protocol", "languages")

# Context groups whose meanings name people, organisations, places or animals' breeds (breeds are mostly place names).
PEOPLE_AND_PLACES = re.compile(r"breed|role|countr|language|organiz|species|registry|staff", re.IGNORECASE)

# Also a family or given name, but on consoles and in descriptions the technical sense is so common that the word alone is no hint.
DOMINANT = frozenset("""
    head foot hand body bone heart short long field max min ray small right left blood down white black green gray grey cross waters neck
    pan tan lat ant wall page art per ma la day stone major minor tang iris high low bright sharp mark lance fine base cor post back
    strong ree plan plain field fields apex dose glass gold silver iron head hip chin arm leg lip temple cord hart
""".split()) - {"hart", "lance", "mark"}  # fmt: skip

# Words that pydicom's code meanings hold because they name a person or a place (formula, sign or procedure called after somebody).
EPONYMS = frozenset("""
    africa alaska albino alexander america american angus anjou antilles aquitaine arbuckle ashman asian australia basset bassett baum bazett
    bernard bernoulli bernthsen blalock bordeaux braford brangus brenner bruce cambourgh campbell carlo china chitkara chitty coventry cruz
    criollo daya dodge doubilet eriksen fallot fleck fontan frank fredericia friesian fries galloway ganong ganz gault george gieson glenn goldstein
    grunwald hadlock hansmann harper hart healy hellman hereford hodgkin hohler holder hope hounsfield hubert hull ijssel indian james janma
    janmahasatian japanese jeanty joslin kaye kennedy kurtz kutta lessoway levine likar luten lutz maine mancha marquardt mayden mercer merz mertz
    meyer miller mobitz mondor morrison nakayama naughton nehb nelson nimrod nyberg osaka paget park parkinson parungao paso pierquin pierre pinzgau
    reid rempen rhine richardson ringer robinson rosen russell sabbagha sahiwal schiff schonberg schönberg schwartz scotia senning shepard
    shinozuka simmental simpson springer stansel sussman swiss sénarmont taussig taylor tei teichholz todaro toff tofts tokyo trendelenburg trolard
    ukrainian united valsalva vanner vendéen vieh welsh wenckebach williams willis wynne yarkoni york zeboid zebu states cooper brown swan graf
    hill beer austin scott wagner weber fischer alonso wolf crohn young hall grace rose brody dubois mosteller haycock boyd gehan devereux cube
""".split()) - {"cube"}  # fmt: skip

# What the standard's words say about people, their papers and the calendar: never technical.
NOT_TECHNICAL = frozenset("""
    name names patient patients person persons people physician physicians doctor doctors nurse nurses operator operators technologist
    technologists technician radiologist radiographer sonographer sonographers surgeon surgeons cardiologist oncologist anesthesiologist
    reader readers author authors observer observers reviewer performer performers requester requesting referring attending consulting witness mother
    father parent parents sibling spouse wife husband son daughter brother sister family relative guardian owner owners responsible
    address telephone phone fax email city state states county country town village street road postal zip insurance employer occupation religion
    religious ethnic race racial citizen citizenship military rank veteran birth birthday birthdate born death died deceased age aged sex male female males
    females man men woman women boy girl gender married widow accession visit admission admitting admitted discharge ward room bed clinic clinics
    clinical hospital hospitals medical institution institutions institutional department departments organization organizations company companies
    university school college staff personnel identity identifier identifiers identification id ids number registry registration enrolled
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri mai okt dez
    english french german spanish italian portuguese chinese russian african american european caucasian hispanic jewish muslim christian
    catholic islamic hindu buddhist protestant asian indian native alaskan hawaiian islander
    dog dogs cat cats horse horses cattle pig sheep goat goats pony hound terrier spaniel shepherd retriever bulldog poodle
    call called ask asked tell told said says please thank thanks friend lawyer prisoner
""".split())  # fmt: skip


def words(text: str) -> list[str]:
    """The alphabetic words of a text."""
    return re.findall(r"[^\W\d_]+", text)


def listed(path: Path) -> set[str]:
    """The entries of a hand-written list."""
    return {line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")}


def names(kind: str) -> set[str]:
    """The ``given`` or ``family`` names of the training lists, folded."""
    return {fold(part) for entry in listed(NAMES / f"{kind}_names.txt") for part in entry.split()}


def standard_words() -> set[str]:
    """Words of code meanings (pydicom.sr) and attribute names (pydicom.datadict) of three letters and more, folded."""
    people = {cid for cid, name in name_for_cid.items() if PEOPLE_AND_PLACES.search(name)}
    seen: Counter[str] = Counter()
    for scheme in concepts.values():
        for codes in scheme.values():
            for meaning, cids in codes.values():
                if not cids or set(cids) - people:
                    seen.update(fold(word) for word in words(meaning))
    for _vr, _vm, name, _retired, _keyword in DicomDictionary.values():
        seen.update(fold(word) for word in words(name))
    drop = {fold(word) for word in NOT_TECHNICAL}
    return {word for word in seen if len(word) >= 3 and word.isascii() and word not in drop}


def write(name: str, head: str, entries: set[str]) -> None:
    """Write one list, sorted, with its head."""
    text = "".join(f"# {line}\n" for line in head.split("\n")) + "".join(f"{entry}\n" for entry in sorted(entries))
    (VOCABULARY / f"{name}.txt").write_text(text, "utf-8")
    print(f"{name}.txt: {len(entries)} words")


def main() -> None:
    """Write both lists."""
    hand = {fold(word) for name in HAND for word in listed(VOCABULARY / f"{name}.txt")}
    strong = {fold(word.rstrip("*")) for word in listed(VOCABULARY / "facility.txt") if not word.startswith("?")}
    standard = standard_words() - strong - (names("given") - DOMINANT)
    ambiguous = (standard | hand) & (names("given") | names("family") | {fold(word) for word in EPONYMS}) - DOMINANT
    write(
        "standard",
        "Technical words of the standard: code meanings (pydicom.sr of pydicom 3.0: DCM, SNOMED CT subset, LOINC, UCUM names) and attribute names\n"
        "(pydicom.datadict). Written by models/build_vocabulary.py; do not edit.",
        standard - hand,
    )
    write(
        "ambiguous",
        "Technical words that are also names of people or places: they count as technical only beside other technical words.\n"
        "Written by models/build_vocabulary.py from the other lists and models/training/*_names.txt; do not edit.",
        ambiguous,
    )


if __name__ == "__main__":
    main()
