"""Towns of known words, which no list of unknown words finds: Bad Foo, Long Beach, Villa del Rey, Great Western Hospital.

By the grammar of place names: a first word of towns before an unknown name, a word of landscape behind a quality, a colour, a
tree, an animal, a metal or a person, two and more words of Romance towns with their particles; towns that follow no grammar stand
in ``profiles/vocabulary/towns.txt``. Beside a word of institutions, behind words of coming and living, and at the end of an
address a word with a capital letter is a place, unless it is clinical. Words in small letters are never towns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.judge.vocabulary import read
from gateway.records import Reason
from gateway.resources import folder

_TOWN = Reason("place.town", 0.7)
# Before an unknown name: Bad Foo, Port Foo, Nowa Foo. Also in capitals.
_HEADS = frozenset(
    (
        "bad", "san", "santa", "santo", "sao", "saint", "sainte", "st", "ste", "sankt", "sint", "szent", "sfantu", "sveti",
        "svaty", "agios", "agia", "new", "nueva", "nuevo", "nova", "novo", "nove", "novy", "novi", "nowa", "nowy", "nowe",
        "nouvelle", "neu", "nuova", "nuovo", "nieuw", "nya", "port", "porto", "puerto", "fort", "mount", "mt", "monte", "mont",
        "lake", "cape", "cap", "cabo", "villa", "vila", "ville", "ciudad", "castel", "castello", "castle", "pont", "ponte",
        "puente", "rio", "rocca", "torre", "la", "le", "les", "los", "las", "el", "den", "de", "grand", "great", "little",
        "gross", "klein", "ober", "unter", "alt", "north", "south", "east", "west", "nord", "sud", "stara", "stary", "stare",
        "velky", "velka", "velke", "maly", "mala", "male", "veliko", "veliki", "donji", "gornji", "dolni", "horni", "dolny",
        "horny", "banska", "kuala", "kota", "tanjung", "pulau", "hong", "khon", "nakhon", "chiang", "ban", "phu", "tel",
        "beit", "kfar", "kiryat", "ramat", "petah", "rishon", "ain", "beni", "oued", "sidi", "ouled", "bou", "dar", "abu",
        "umm", "ras", "jebel", "ulan", "baile", "bally", "kil", "inver", "aber", "llan", "pen", "tre", "glen", "loch",
        "strath", "isle", "mar", "mogi", "campo", "campos", "belo", "boa", "bom", "tres", "dos", "santos", "aguas", "ribeirao",
        "feira", "juiz", "passo", "sete", "duque", "cerro", "punta", "ponta", "piedra", "piedras", "cruz", "valle", "vale",
        "mira", "playa", "costa", "isla", "ilha", "mesa", "palo", "pico", "sierra", "serra", "alto", "alta", "bajo", "baja",
        "reggio", "civita", "citta", "colle", "borgo", "poggio", "montalto", "casal", "casale", "acqui", "abano", "ascoli",
        "much", "greater", "store", "saffron", "lille", "sesto", "quarto", "settimo", "somma", "cava", "vico", "fiano",
        "busto", "cologno",
    )
)  # fmt: skip
# Heads that text in capitals is full of.
_PLAIN_HEADS = frozenset(
    (
        "much", "greater", "store", "new", "port", "fort", "mount", "lake", "cape", "cap", "la", "le", "les", "los", "las",
        "el", "den", "de", "grand", "great", "little", "gross", "klein", "ober", "unter", "alt", "north", "south", "east",
        "west", "nord", "sud", "st", "mt", "ste", "mar", "alto", "alta", "bajo", "baja", "cruz", "costa", "pen", "tre", "ban",
        "dar", "ras", "ain", "tel", "mesa", "val", "vale",
    )
)  # fmt: skip
_SPA = re.compile(
    r".*(?:heim|burg|berg|stadt|hausen|ach|au|feld|wald|kirch|born|see|dorf|ingen|stein|brunn|hall|bruck|tal)"
)
# Of these too many are words of prose: only before an unknown word and never first of a sentence in small letters.
_LANDSCAPE = frozenset(
    (
        "beach", "springs", "city", "falls", "heights", "hills", "valley", "park", "island", "islands", "isle", "bay", "creek",
        "ridge", "grove", "harbor", "harbour", "rapids", "lake", "lakes", "bluff", "bluffs", "prairie", "junction", "cove",
        "shores", "shore", "plains", "meadows", "woods", "forest", "gardens", "town", "township", "county", "parish",
        "borough", "village", "mountain", "mound", "rock", "land", "river", "rivers", "brook", "stream", "landing", "station",
        "haven", "ferry", "mills", "mill", "bridge", "cross", "green", "common", "wells", "spa", "hill", "point", "head",
        "mouth", "view", "vista", "gate", "gates", "wood", "field", "fields", "deer", "jaw", "hat", "oak", "oaks", "pine",
        "pines", "palms", "canyon", "mesa", "dam", "pass", "hollow", "hook", "neck", "corner", "corners", "crossing", "bend",
        "fork", "forks", "basin", "glen", "dale", "moor", "marsh", "sound", "entrance", "heads", "mount", "current", "grande",
        "verde", "blanca", "negra", "negras", "real", "alegre", "horizonte", "claire", "rouge",
    )
)  # fmt: skip
# What those stand behind: qualities, colours, directions, trees, animals, metals, rulers.
_QUALITIES = frozenset(
    (
        "long", "high", "grand", "great", "big", "little", "green", "white", "black", "red", "blue", "silver", "golden",
        "gold", "cedar", "oak", "pine", "palm", "maple", "walnut", "elm", "ash", "birch", "willow", "cherry", "apple",
        "orange", "twin", "rock", "rocky", "stone", "round", "warm", "hot", "cold", "cool", "sweet", "clear", "bright", "fair",
        "pleasant", "spring", "sugar", "salt", "sand", "sandy", "eagle", "fox", "wolf", "bear", "deer", "elk", "buffalo",
        "moose", "swan", "beaver", "hawk", "falcon", "crow", "turkey", "thunder", "iron", "copper", "bay", "ocean", "sea",
        "lake", "river", "west", "east", "north", "south", "corner", "rapid", "swift", "traverse", "college", "league",
        "valley", "mountain", "forest", "flower", "citrus", "sterling", "half", "medicine", "broken", "alice", "carson",
        "jefferson", "kansas", "queen", "queens", "king", "kings", "prince", "duke", "royal", "crown", "bowling", "union",
        "liberty", "independence", "grass", "prairie", "plum", "cotton", "shaker", "garfield", "huntington", "redondo",
        "virginia", "daytona", "myrtle", "pompano", "fountain", "thousand", "cape", "hilton", "chapel", "rowland", "boulder",
        "sun", "moon", "star", "summer", "winter", "diamond", "ruby", "pearl", "coral", "crystal", "cathedral", "mission",
        "temple", "church", "abbey", "castle", "tower", "mill", "bridge", "market", "harbor", "upper", "lower", "old", "new",
        "broad", "deep", "shallow", "middle", "four", "three", "five", "seven", "holy", "sacred", "los", "las", "el", "la",
        "santa", "san", "campo", "ciudad", "villa", "vila", "puerto", "porto", "boa", "belo", "bela", "rio", "agua", "aguas",
        "piedras", "cruz", "monte", "mira", "eau", "baton", "belle", "terre", "burnt", "blooming", "pigeon", "staten",
    )
)  # fmt: skip
_MEANT_ELSEWHERE = frozenset(
    (
        "high point", "long head", "short head", "deep head", "green field", "bright field", "old station", "new field",
        "broad head", "lower pass", "high pass", "low pass", "upper pole", "upper field", "lower field", "new island",
        "old village", "stone head", "four point", "three point", "five point", "seven point", "three view", "four view",
        "five view", "new view", "sun view", "river view", "four station", "three station", "middle bridge", "red head",
        "white matter", "old cross", "high gate", "upper land", "gold green", "north head", "new stream", "old fork",
        "new current", "hot corner", "four field", "three field", "two field", "seven field", "five field", "stone basin",
        "long field", "black hole", "upper neck", "lower neck", "long neck", "broad neck", "old head", "new head", "big head",
        "temple head", "deep field", "great head",
    )
)  # fmt: skip
_PARTICLES = frozenset(
    (
        "de", "del", "della", "di", "do", "da", "dos", "das", "la", "las", "los", "el", "le", "les", "du", "des", "sur",
        "sous", "en", "am", "an", "der", "im", "bei", "ob", "vor", "aan", "den", "op", "upon", "on", "under", "in", "nad",
        "pod", "i", "y", "e", "by", "cum", "super", "of", "the", "au", "aux", "ved", "og", "na", "pri",
    )
)  # fmt: skip
_ROMANCE = frozenset(
    (
        "villa", "vila", "ville", "puerto", "porto", "mar", "ciudad", "viana", "vina", "puente", "ponte", "pont", "monte",
        "castello", "castel", "rio", "villar", "campo", "feira", "juiz", "san", "santa", "sao", "santo", "costa", "playa",
        "torre", "aldea", "alcala", "arcos", "jerez", "conil", "palma", "aix", "bourg", "mont", "roche", "saint", "sainte",
        "villeneuve", "fontenay", "chalons", "boulogne", "neuilly", "reggio", "citta", "borgo", "sesto", "bagno",
    )
)  # fmt: skip
_HOUSES = frozenset(
    (
        "hospital", "hosp", "infirmary", "nhs", "krankenhaus", "klinikum", "spital", "hopital", "ospedale", "szpital",
        "nemocnice", "ziekenhuis", "sygehus", "sykehus", "sjukhus", "lasarett", "sairaala", "chu", "chr", "chru", "sanatorio",
        "policlinico", "hospice", "hospitalar", "hospitalier", "universitatsklinikum", "uniklinikum", "uniklinik",
        "kantonsspital", "klinik", "clinic", "clinica", "clinique", "policlinica", "poliklinik", "sanatorium", "kliniken",
        "marienhospital", "gmbh", "ltd",
    )
)  # fmt: skip
_CLINICS = frozenset({"clinic", "clinica", "clinique", "klinik", "kliniken", "poliklinik", "policlinica"})
# What hospitals are called by that is no clinical word: Great Western, Royal Free, Holy Cross, Central, Mountain View.
_CALLED = frozenset(
    (
        "great", "western", "eastern", "northern", "southern", "central", "free", "cross", "holy", "view", "north", "south",
        "east", "west", "nord", "sud", "est", "ouest", "mitte", "sur", "norte", "centro", "good", "sacred", "mercy", "hope",
        "grace", "spring", "springs", "valley", "lake", "park", "ridge", "green", "white", "red", "blue", "silver", "golden",
        "gate", "crown", "queen", "queens", "king", "kings", "princess", "prince", "victoria", "bath", "reading", "orange",
        "stone", "best", "trim", "rho", "massa", "most", "sens", "deal", "ware", "sale", "hull", "bury", "wells", "nice",
        "tours", "essen", "hof", "halle", "como", "bra", "pisa", "lodi", "alba", "corner", "current", "rapid", "rapids",
        "grand", "falls", "round", "charing", "royal", "new", "old", "real", "charite", "trinity", "providence", "unity",
        "liberty", "baptist", "union", "summit", "highland", "lowland", "bay", "ocean", "mountain", "coast", "coastal",
        "island", "river", "forest", "field", "fields", "general", "star", "sun", "dom", "ring",
    )
)  # fmt: skip
_FROM = re.compile(
    r"(?<![^\W_])(?:lives? (?:in|at|near)|living in|resid(?:es|ing|ent) (?:of|in|at)|moved (?:from|to)|born (?:in|"
    r"at)|native of|"
    r"transfer(?:red)? (?:from|to)|tx from|trans(?:f|fer)?\.? from|transported from|flown (?:in )?from|"
    r"referred from|visiting from|"
    r"travel(?:l?ed)? (?:from|to)|returned? from|back from|holiday in|works? (?:in|at)|seen (?:at|in)|scanned at|"
    r"imaged at|done at|"
    r"images? from|films? from|outside (?:ct|mri?|study|films?|images?) from|wohnhaft in|wohnt in|geboren in|"
    r"verlegt (?:aus|von|nach)|"
    r"\u00fcbernahme aus|zuverlegt aus|aus dem kh|n\u00e9e? \u00e0|habite|demeurant \u00e0|domicili\u00e9e? \u00e0|"
    r"transf\u00e9r\u00e9e? de|venant de|nacid[oa] en|"
    r"vive en|reside en|residente en|procedente de|derivad[oa] de|trasladad[oa] de|natural de|reside em|"
    r"residente em|mora em|nat[oa] a|"
    r"residente a|trasferit[oa] da|proveniente da|woont in|geboren te|overgeplaatst uit|bor i|f\u00f8dt i|"
    r"f\u00f6dd i|overflyttet fra|kommer fr\u00e5n|"
    r"zam\.|zamieszka\u0142[ya]? w|ur\. w|przekazan[ya] z|bytem|narozen[a]? v|p\u0159elo\u017een[a]? z) $",
    re.IGNORECASE,
)
_LONGEST_CUE = 30
_SAINTS = frozenset(
    {"st", "saint", "sainte", "ste", "sankt", "sint", "san", "santa", "santo", "sao", "szent", "sv", "sw", "st.s"}
)
_OWNS = re.compile(r"['\u2019]s$")
_PLAIN = (" ", "-")
_JOINTS = (" ", "-", "'", "\u2019", ". ")
_STOPS = re.compile(r"[A-Za-z]\.")
_CLINICAL_CLINICS = frozenset(
    (
        "memory", "pain", "wound", "fracture", "outpatient", "children", "womens", "women", "walk", "follow", "pre", "family",
        "private", "urgent", "day", "eye", "foot", "skin", "sleep", "travel", "diabetes", "mobile", "satellite", "referral",
        "teaching", "field", "general", "local", "district", "outside", "other", "same", "this", "our", "their", "my", "the",
        "mental", "rehab", "community", "patient", "prior", "previous", "new", "old",
    )
)  # fmt: skip
_FEW = 3


def find(text: str, found: Sequence[Token]) -> Iterator[Hit]:
    """The words of towns, districts and institutions that are known words."""
    words = [fold(token.text) for token in found]
    capital = [token.text[:1].isupper() and token.text.isalpha() for token in found]
    for i, word in enumerate(words):
        if not capital[i]:
            continue
        last = max(_listed(words, found, text, i), _headed(words, found, text, i), _landscape(words, found, text, i))
        if last > i:
            yield Hit(found[i].start, found[last].end, _TOWN)
        if word in _HOUSES:
            yield from _house(words, found, text, i)
        if _lived_in(found, text, i):
            yield Hit(found[i].start, found[_run(found, text, i)].end, _TOWN)
    yield from _small_houses(words, found, text)


@lru_cache(maxsize=1)
def _towns() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Towns of two and more known words, by their first."""
    towns: dict[str, list[tuple[str, ...]]] = {}
    for entry in read(folder("profiles") / "vocabulary" / "towns.txt"):
        words = tuple(re.findall(r"[^\W\d_]+", fold(entry)))
        towns.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(some, key=len, reverse=True)) for first, some in sorted(towns.items())}


def _listed(words: Sequence[str], found: Sequence[Token], text: str, i: int) -> int:
    """The last word of a listed town that begins here, or ``i``."""
    for town in _towns().get(words[i], ()):
        last = i + len(town) - 1
        if tuple(words[i : last + 1]) == town and last < len(found):
            joined = all(text[found[j].end : found[j + 1].start] in _JOINTS for j in range(i, last))
            if joined and _capital(found[last]):
                return last
    return i


def _headed(words: Sequence[str], found: Sequence[Token], text: str, i: int) -> int:
    """The last word of a town that begins with a first word of towns: an unknown name, or one with particles before it."""
    if words[i] not in _HEADS and words[i] not in _ROMANCE:
        return i
    j = i + 1
    while (
        j < len(found)
        and words[j] in _PARTICLES
        and found[j].text.islower()
        and text[found[j - 1].end : found[j].start] in _PLAIN
    ):
        j += 1
    if j == len(found) or text[found[j - 1].end : found[j].start] not in (*_PLAIN, ". ") or not _capital(found[j]):
        return i
    alike = found[i].text.istitle() == found[j].text.istitle() and len(found[j].text) > _FEW
    if j == i + 1:
        named = found[j].kind is Kind.UNKNOWN or (words[i] == "bad" and bool(_SPA.fullmatch(words[j])))
        prose = words[i] in _PLAIN_HEADS and not found[i].text.istitle()
        return j if alike and words[i] in _HEADS and named and not prose else i
    romance = words[i] in _ROMANCE and found[i].text.istitle() and found[j].text.istitle()
    return j if romance else i


def _landscape(words: Sequence[str], found: Sequence[Token], text: str, i: int) -> int:
    """The last word of a town that a word of landscape ends: Green Bay, Thousand Oaks, Foo Falls."""
    j = i + 1
    if (
        j == len(found)
        or words[j] not in _LANDSCAPE
        or not _capital(found[j])
        or text[found[i].end : found[j].start] != " "
    ):
        return i
    if found[i].text.istitle() != found[j].text.istitle() or f"{words[i]} {words[j]}" in _MEANT_ELSEWHERE:
        return i
    return j if words[i] in _QUALITIES or found[i].kind is Kind.UNKNOWN else i


def _house(words: Sequence[str], found: Sequence[Token], text: str, i: int) -> Iterator[Hit]:
    """The words with a capital letter that an institution is called by, before it and behind it."""
    for step in (-1, 1):
        j, seen = i + step, 0
        while (
            0 <= j < len(found)
            and seen < _FEW
            and text[found[min(j, j - step)].end : found[max(j, j - step)].start] in (" ", "-")
        ):
            if words[j] in _PARTICLES and step > 0:
                j, seen = j + step, seen + 1
                continue
            if not _calls(words, found, j, clinic=words[i] in _CLINICS):
                break
            yield Hit(found[j].start, found[j].end, _TOWN)
            j, seen = j + step, seen + 1


def _calls(words: Sequence[str], found: Sequence[Token], j: int, *, clinic: bool) -> bool:
    """Whether an institution may be called by a word: one with a capital letter that is not clinical."""
    if not _capital(found[j]) or (clinic and words[j] in _CLINICAL_CLINICS):
        return False
    if found[j].text.isupper() and len(found[j].text) <= _FEW:
        return False
    everyday = (
        found[j].kind in (Kind.UNKNOWN, Kind.ORDINARY, Kind.AMBIGUOUS, Kind.SELDOM)
        and words[j] not in _CLINICAL_CLINICS
    )
    saint = j > 0 and words[j - 1] in _SAINTS  # St Corazon's
    return words[j] in _CALLED or everyday or saint


def _lived_in(found: Sequence[Token], text: str, i: int) -> bool:
    """Whether words of coming, living or being seen stand before a word with one capital letter."""
    if not found[i].text.istitle() or len(found[i].text) < _FEW or found[i].kind is Kind.CLINICAL:
        return False
    return (
        bool(_FROM.search(text, max(0, found[i].start - _LONGEST_CUE), found[i].start))
        and found[i].kind is not Kind.WEAK
    )


def _run(found: Sequence[Token], text: str, i: int) -> int:
    """The last of the words with one capital letter that stand in a row."""
    last = i
    while (
        last + 1 < len(found)
        and last - i < _FEW
        and text[found[last].end : found[last + 1].start] in _PLAIN
        and found[last + 1].text.istitle()
        and found[last + 1].text.isalpha()
    ):
        last += 1
    return last


def _small_houses(words: Sequence[str], found: Sequence[Token], text: str) -> Iterator[Hit]:
    """What an institution written small stands behind: transfer from Orange hosp."""
    for i, word in enumerate(words[1:], 1):
        named = words[i - 1] in _CALLED and found[i - 1].text.istitle()
        if (
            named
            and word in ("hosp", "hospital")
            and found[i].text.islower()
            and text[found[i - 1].end : found[i].start] == " "
        ):
            yield Hit(found[i - 1].start, found[i - 1].end, _TOWN)


def _capital(token: Token) -> bool:
    word = _OWNS.sub("", token.text)
    return word[:1].isupper() and word.isalpha()
