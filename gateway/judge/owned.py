"""Codes that are written as stages, stains or segments, and belong to somebody by where they stand.

Behind the label of an id (``MRN CK12``), a bed or a ward (``Station IVa``) no form of a code says that it is nobody's. What is
written as a postcode district, too (``N1C``), is a stage beside other stages or a word of staging only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge import codes
from gateway.judge.patterns import even
from gateway.judge.technical import Token
from gateway.judge.text import fold

_NUMBER = r"(?:numbers?|nummer|numero|number|num|nro|nr|no|n\u00ba|n\u00b0|id|ids|code|kod|kode|#)"
_JOINT = r"[\s._/-]{0,2}"
_SIGNS = r"[\s.:=#_/(\[<*-]{1,4}"
# What numbers somebody's papers, in some twenty languages.
_PAPERS = (
    r"mrn|pmrn|hrn|urn|urnr|uhid|pid|pat[\s._-]?id|patient[\s._-]?id|emrn|accessions?|case|ids?|fallnr|"
    r"fallnummer|fallzahl|auftragsnr|auftragsnummer|aufnahmenr|aufnahmenummer|patnr|patientennr|patientennummer|kisnr|nhs|cpr|"
    r"ipp|nhc|nosologico|prontuario|expediente|folio|dossier|dossiernr|patientnummer|journalnr|journalnummer|personnr|"
    r"potilasnumero|taj|pesel|hastano|dosyano|protokolno|requisition|encounter|episode|acct|barcode|docket"
)
# They stand before stages, levels and doses as well (after a fall C5 fracture): a word for a number makes them a label,
# if it is not the "no" of a sentence.
_OTHERS = (
    r"patient|patienten?|patientin|pat|pt|paciente|paziente|pacjent|subject|subj|proband|participant|visit|order|request|req|ref|"
    r"study|exam|examination|record|chart|file|account|admission|auftrag|aufnahme|anforderung|untersuchung|journal|cartella|historia|"
    r"registro|matricula|protokoll?|protocol|specimen|sample|hospital|kis|ris|pacs|medical record|unit|reg|"
    r"fall|nss|acc|accn|registration|film|x-?ray|hasta|dosya|personal|insurance|versicherten?|vers"
)
_ID = re.compile(
    rf"(?<![^\W_])(?:(?:{_PAPERS})(?:{_JOINT}{_NUMBER})?{_SIGNS}(?:(?<!case )is )?|"
    rf"(?:(?:{_OTHERS}){_JOINT}(?!no\s){_NUMBER}{_SIGNS}|accn?\s?[.:=]\s?)(?:is )?)\Z"
)
# What is said of a bed that nobody lies in.
_PLACE = re.compile(
    r"(?<![^\W_])(?P<of>(?:tumou?r|prostat\w*|surgical|gall ?bladder|vascular|nail|liver|hepatic|capillary|graft|pet) )?"
    r"(?:bed|bedspace|bay|cubicle|room|ward|station|bett|bettplatz|zimmer|krankenzimmer|saal|pflegestation|bettenstation|"
    r"chambre|lit|salle|pavillon|cama|habitacion|sala|pabellon|letto|stanza|reparto|padiglione|quarto|leito|enfermaria|kamer|"
    r"afdeling|afd|avdeling|avdelning|sang|seng|stue|sal|lozko|pokoj|oddzial|luzko|oddeleni|agy|szoba|korterem|osztaly|yatak|"
    rf"oda|servis|krevet|soba|huone|osasto|salon)(?:{_JOINT}{_NUMBER})?{_SIGNS}\Z"
)
_FAR = 48  # letters of the longest label and its signs
_OF_ROOMS = re.compile(r"[a-z]\d{1,2}[a-z]?")
_WEIGHTED = re.compile(r"t[12]w?")  # images, on a station of an MRA
_NODAL = re.compile(r"lymph|nod[aeiu]|ebus|ln|lk|ganglion|gangli|linf|wezl")
# Put together as postcode districts of Britain and Canada are, and as stages: N1C, G1A. Letters in small are a stage's, but for
# those that stand alone seldom; T1 and T2 are images.
_DISTRICT = re.compile(r"[A-SU-Z]\d[A-Z]|[NMnm]\d[a-z]")
# The districts of London that have a letter.
_LONDON = re.compile(r"EC[1-4][AMNPRVY]|WC[12][ABEHNRVX]|SW1[AEHPVWXY]|SE1P|NW1W|N1P|E1W|W1[ABCDFGHJKSTUW]")
_TNM = re.compile(r"[ypcra]{0,2}(?:t(?:is|[0-4x])|n[0-3x]|m[01x]|l[01x]|v[0-2x]|r[0-2x]|g[1-4x]|pn[01x])\w{0,6}")
_STAGING = re.compile(
    r"stag|stad|figo|tnm|uicc|ajcc|nod[aeiu]|lymph|linf|metast|mets|tumou?r|carcinom|karzinom|cancer|krebs|disease|ckd|kdigo|gfr|grad|"
    r"class|klass|categor|kategor|estad|stopie|derece|types?$|typ$"
)
_BESIDE = 2  # tokens between a code and the word that says what it is
_LETTERS = 4  # of a code before its number: CA 125


def find(text: str, found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The places of codes that belong to somebody by where they stand."""
    folded = even(text)
    for i, token in enumerate(found):
        end = _end(i, text, found)
        if end and (
            _ID.search(folded, max(token.start - _FAR, 0), token.start)
            or _placed(i, folded, found)
            or _district(i, found)
        ):
            yield token.start, end


def _end(i: int, text: str, found: Sequence[Token]) -> int:
    """Where a code ends that begins with a token: letters with digits, a stage, or CA 125; 0 if there is none."""
    token = found[i]
    if not token.text.isalpha():
        return token.end if any(char.isalpha() for char in token.text) and re.search(r"\d", token.text) else 0
    if codes.stage(token.text, ""):
        return token.end
    parted = i + 1 < len(found) and found[i + 1].text.isdecimal() and text[token.end : found[i + 1].start] in (" ", "-")
    return found[i + 1].end if parted and token.text.isupper() and len(token.text) <= _LETTERS else 0


def _placed(i: int, folded: str, found: Sequence[Token]) -> bool:
    """Whether a code is the number of a bed, a room or a ward, and no station of lymph nodes."""
    word = fold(found[i].text)
    if _WEIGHTED.fullmatch(word) or not (
        codes.known(word) or codes.stage(found[i].text, "") or _OF_ROOMS.fullmatch(word)
    ):
        return False
    place = _PLACE.search(folded, max(found[i].start - _FAR, 0), found[i].start)
    return place is not None and not place["of"] and not _beside(i, found, _NODAL)


def _district(i: int, found: Sequence[Token]) -> bool:
    """Whether a code could be a postcode district, and neither a stage beside it nor a word says that it is a stage."""
    word = fold(found[i].text)
    if _LONDON.fullmatch(word.upper()):
        return True
    if not (_DISTRICT.fullmatch(found[i].text) and codes.known(word)):
        return False
    tnm = _TNM.fullmatch(word) and any(
        _TNM.fullmatch(fold(found[j].text)) for j in (i - 1, i + 1) if 0 <= j < len(found)
    )
    return not tnm and not _beside(i, found, _STAGING)


def _beside(i: int, found: Sequence[Token], words: re.Pattern[str]) -> bool:
    """Whether one of the words stands beside a token."""
    return any(
        words.match(fold(one.text)) for one in found[max(i - _BESIDE, 0) : i + _BESIDE + 1] if one is not found[i]
    )
