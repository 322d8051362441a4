"""Initials of those who did, checked or were told something: ``QC: jb``, ``cannulated by nc``, ``reader 2 VP``, ``LF (tech)``.

Two or three letters, in capitals or small ones, that are abbreviations of radiology elsewhere: here a word of doing or of a role
stands beside them. Behind a sure one (a role, a check) nothing but a blank is needed, behind others ``by`` or a colon. What could
be a view, a modality, a unit or a short word of the language is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge.parts import PARTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.records import Reason

_INITIALS = Reason("person.labelled_initials", 0.7)
# Roles, checks and sign-offs of some fifteen languages: what stands right behind one, two or three letters, is somebody.
_SURE = frozenset(
    (
        "qc", "qcd", "qa", "qad", "chk", "chkd", "ckd", "tech", "techn", "technologist", "technician", "technik", "technikus",
        "tekniker", "teknisyen", "tecnico", "tecnica", "technicien", "manip", "mtra", "mta", "mtr", "mer", "ide", "tsrm",
        "ter", "tsid", "due", "mbb", "ssk", "usk", "bma", "radiographer", "radiograf", "radiografo", "sonographer",
        "rontgenhoitaja", "hoitaja", "laborant", "laborantin", "laborantka", "operator", "operatore", "operador", "operateur",
        "opr", "oper", "asszisztens", "assz", "leletezo", "dosimetrist", "dosim", "planner", "physicist", "student", "trainee",
        "registrar", "resident", "fellow", "intern", "attending", "spr", "sho", "nurse", "verpleegkundige", "sykepleier",
        "sygeplejerske", "chaperone", "witness", "interpreter", "secretary", "sekretarin", "typist", "author", "annotator",
        "reader", "overreader", "rater", "observer", "initials", "inits", "kurzel", "kzl", "handz", "handzeichen", "login",
        "usr", "username", "attn", "paged", "notified", "told", "gez", "fdo", "utf", "udf", "besk", "dikt", "wyk", "verif",
        "geschr", "durchgef", "gec", "relu", "valide", "lekarz", "lek", "lekar", "laege", "lege", "arzt", "oberarzt",
        "befunder", "medico", "rn", "cst", "rtt", "staff", "attg", "scrub", "circulating", "consultant", "cons", "adjunto",
        "informante", "measurer", "expert", "mtras", "manips", "coord", "cra", "chef", "arts", "lak", "laak", "sorumlu", "vid",
        "gegenlesung", "besv", "rvwd", "sgd", "esign", "interne", "pgy",
        # English and its abbreviations: pathology, endoscopy, radiotherapy, trials
        "manager", "therapist", "endoscopist", "assistant", "pathologist", "histotech", "cytotech", "cytoscreener", "odp",
        "matron", "midwife", "dosimetrists", "housestaff", "houseman", "intensivist", "proceduralist",
        "embryologist", "geneticist", "biochemist", "superintendent", "apprentice", "locum", "scribe", "phlebotomist",
        "receptionist", "porter", "signatory", "auditor", "assessor", "grader", "adjudicator",
        "scorer", "investigator", "subinvestigator", "submitter", "uploader", "delineator", "bioengineer",
        # German
        "mfa", "zfa", "ota", "ata", "mtla", "mtlab", "mtaf", "mpe", "arzthelferin", "pathologe", "pathologin", "physiker",
        "physikerin", "medizinphysiker", "medizinphysikerin", "pflege", "dokumentar", "dokumentarin", "untersucher",
        "untersucherin", "befundende", "assistenzarzt", "assistenzarztin", "facharzt", "fachaerztin", "stationsarzt",
        "famulus", "famulant", "praktikant", "azubi", "schuler", "schulerin", "strahlentherapeut", "endoskopeur", "zivi",
        # Romance
        "manipulateur", "manipulatrice", "physicien", "physicienne", "dosimetriste", "secretaire",
        "brancardier", "assistante", "fisico", "fisica", "radiofisico", "fisicomedico", "biomedico", "biomedica",
        "residente", "tecnologo", "tecnologa", "celador", "tsidm", "anotador", "specializzando",
        "specializzanda", "tirocinante", "strutturato", "caposala", "enfermeiro", "enfermeira", "estagiario", "fizician",
        "asistent", "asistenta", "rezident",
        # Dutch, Scandinavian, Finnish
        "laborante", "mbber", "mbbers", "aios", "anios", "fysicus", "fysici", "doktersassistent", "coassistent",
        "zaalarts", "rsk", "rtgssk", "bioanalytiker", "bioingenior", "fysiker", "fysikeren", "sekretaer", "sekreterare",
        "overlege", "overlaege", "overlakare", "lakare", "reservelaege", "turnuslege", "underlakare", "sjukskoterska",
        "skoterska", "sjukskotare", "radiografen", "stralebehandler", "straleterapeut", "undersokare", "undersoger",
        "laakari", "fyysikko", "rtghoitaja", "sairaanhoitaja", "lahihoitaja", "hammashoitaja",
        # Slavic, Baltic, Hungarian, Turkish, Greek
        "fizyk", "pielegniarka", "pielegniarz", "endoskopista", "elektroradiolog", "diagnosta", "patolog", "rezydent",
        "fyzik", "sestra", "lekarka", "laborantky", "asistentka", "sanitar", "fizikus", "orvos",
        "szakorvos", "rezidens", "noover", "hemsire", "fizikci", "doktoru", "hekim", "teknikeri", "tehnik", "tehnolog",
        "inzenjer", "fizicar", "lijecnik", "ljekar", "zdravnik", "inzenir", "technologas", "gydytojas", "slaugytoja",
        "arsts", "fizikis", "arst", "fysikos", "technologos", "\u03c6\u03c5\u03c3\u03b9\u03ba\u03bf\u03c3",
        "\u03c4\u03b5\u03c7\u03bd\u03bf\u03bb\u03bf\u03b3\u03bf\u03c3", "\u03b9\u03b1\u03c4\u03c1\u03bf\u03c3",
        "\u03c4\u03b5\u03c7\u03bd\u03b9\u03ba\u03bf\u03c3", "\u0432\u0440\u0430\u0447",
        "\u043b\u0430\u0431\u043e\u0440\u0430\u043d\u0442",
    )
)  # fmt: skip
# Departments, and abbreviations of roles that mean other things too: what ends and begins a part of a text with them is somebody.
_DEPARTMENTS = frozenset(
    (
        "sono", "rad", "physics", "phys", "histo", "cyto", "path", "endo", "rtg", "bms", "mla", "mlt", "rdg",
        "nursing", "anaesthesia", "anesthesia", "anaes", "admin", "reception", "booking", "portering", "mouldroom", "physik",
        "fysik", "fysiikka", "fizyka", "fizika", "physique", "pathologie", "endoskopie", "sekretariat", "qmp", "rso", "msb",
        "mpa", "asst", "assist", "monitor", "sonography", "sonographie", "echographie", "ecografia", "echo", "sister", "clerk",
    )
)  # fmt: skip
_PLAIN = frozenset(
    {"sono", "rad", "physics", "rtg"}
)  # written small they are hardly anything else: at either end of a part
# What such departments look at, hold or do in two or three capitals.
_DEPARTMENTAL = frozenset(
    (
        "QA", "QC", "OK", "CT", "MR", "US", "XR", "NM", "RT", "IV", "ED", "ER", "OR", "GP", "ICU", "MRI", "PET", "CTA", "MRA",
        "DSA", "HDR", "LDR", "IGRT", "RUQ", "LUQ", "RLQ", "LLQ", "AAA", "DVT", "KUB", "CBD", "IVC", "AVF", "TVS", "TAS", "OB",
        "GYN", "ABD", "TTE", "TEE", "EUS", "GIT", "GI", "GU", "MSK", "NO", "NA", "ID", "NR", "NAD", "TBD", "TBC", "PHA", "TBI",
        "TSE", "SRS", "DX", "TX", "RX", "FX", "HX", "BX", "SX", "PX", "CA", "CR", "DR", "SC", "LN", "SOP", "LOG", "REF",
        "REQ", "HIS", "RIS", "PHD", "MSC", "BSC", "AI", "II", "III", "VI", "HR", "BP", "SCC", "BCC", "HE", "NOS", "ILC",
        "IDC", "AIN", "CIN", "VIN", "PIN", "NET", "HGD",
        "LGD", "CMV", "EBV", "AFB", "IHC", "PAS", "LE", "UE", "TV", "LAT", "EF", "GLS", "LVH", "PFO", "ASD", "VSD",
    )
)  # fmt: skip
# What is done: initials stand behind "by", a colon or an equals sign.
_DONE = frozenset(
    (
        "checked", "check", "done", "scanned", "scan", "performed", "perf", "acquired", "acq", "positioned", "pos", "injected",
        "inj", "cannulated", "cannula", "consent", "consented", "screened", "screen", "safety", "verified", "ver", "val",
        "validated", "read", "overread", "reported", "segmented", "seg", "contoured", "contours", "planned", "physics", "phys",
        "approved", "appr", "annotated", "annot", "labelled", "labeled", "drawn", "measured", "meas", "entered", "uploaded",
        "upload", "sent", "burned", "imported", "import", "archived", "printed", "prepared", "prep", "helped", "assisted",
        "assist", "asst", "created", "saved", "edited", "edit", "mod", "modified", "logged", "ordered", "ord", "requested",
        "req", "ref", "referred", "cc", "op", "rad", "md", "np", "mp", "mpe", "ro", "auth", "transl", "chap", "wit", "user",
        "pi", "ci", "oa", "aa", "fa", "zfa", "hca", "crc", "cra", "dm", "tm", "r4", "st", "uid", "res", "sec", "sek",
        "sekr", "secr", "bef", "kontr", "kontrolle", "ass", "hz", "lab", "inf", "enf", "tek",
        "rapor", "cekim", "opis", "popis", "rtg", "ra", "rh", "sign", "signed", "sig", "firma", "hecho", "realiza",
        "realizado", "revisado", "valida", "informa", "eseguito", "esegue", "refertato", "feito", "laudado", "exec", "gemaakt",
        "gecontroleerd", "verslag", "utfort", "udfort", "kontrollert", "granskad", "beskrevet", "kuvasi", "kuvannut", "lausui",
        "opisal", "wykonal", "popsal", "provedl", "keszitette", "fait", "vu", "lu", "tape", "durchgefuhrt", "gesehen",
        "untersucht", "diktat", "reviewed", "called", "spoke", "viewed", "supervised", "init", "initial", "initialled",
        "initialed", "typed", "dictated", "transcribed", "written", "noted", "confirmed", "seen", "handed", "collected",
        "removed", "placed", "inserted", "dispensed", "administered", "given", "booked", "vetted", "protocolled", "protocoled",
        "justified", "triaged", "registered", "id", "identity", "r1", "r2", "r3", "o1", "o2",
    )
)  # fmt: skip
# Said of a whole study: initials may stand behind them with a blank, at the end of their part of the text.
_FINISHED = frozenset(
    (
        "checked", "done", "scanned", "verified", "approved", "archived", "printed", "uploaded", "sent", "entered", "imported",
        "revisado", "realizado", "realiza", "firma", "firmado", "hecho", "valida", "informa", "informado", "eseguito",
        "esegue", "refertato", "laudado", "exec", "feito", "utfort", "udfort", "kontrollert", "granskad", "beskrevet",
        "kuvasi", "kuvannut", "lausui", "opisal", "wykonal", "popsal", "popis", "opis", "provedl", "keszitette", "fait", "vu",
        "lu", "tape", "realise", "durchgefuhrt", "gesehen", "untersucht", "kontr", "gecontroleerd", "verslag", "appr", "acq",
        "perf", "inj", "cannulated", "injected", "safety", "consent", "consented", "schreibkraft", "piel", "sign", "sekr",
        "secr", "rapor", "tec", "val", "befundet", "vetted", "addendum", "amended", "laudo", "dikterat", "zapsal", "valorado",
        "dictee", "frappe", "tyder", "prelim", "off", "corrected",
    )
)  # fmt: skip
_BY = frozenset({"by", "per", "von", "vom", "durch", "par", "por", "da", "door", "av", "af", "przez", "pelo", "pela"})
_TO = frozenset({"to", "as", "with", "w"})  # called to VP, logged in as jb
_TOLD = frozenset({"called", "spoke", "in", "handed"})
# Short words and abbreviations that answer such a label, and what an image is got by.
_NO_INITIALS = frozenset(
    (
        "ok", "no", "yes", "na", "nil", "nad", "tbd", "tba", "see", "not", "non", "new", "old", "low", "all", "any", "due",
        "pre", "mid", "max", "min", "avg", "std", "sat", "fat", "fov", "roi", "raw", "log", "map", "set", "run", "off", "on",
        "out", "in", "via", "day", "and", "or", "for", "the", "to", "of", "at", "by", "with", "was", "is", "are", "has", "had",
        "pt", "she", "he", "her", "his", "us", "am", "pm", "an", "as", "be", "we", "it", "if", "but", "so", "too", "oui", "ja",
        "nein", "si", "sim", "nao", "tak", "nie", "ne", "ano", "nej", "nei", "kyl", "pas", "bad", "air", "gas", "dry", "wet",
        "end", "rt", "rad", "er", "ed", "icu", "gp", "ent", "md", "rn", "pa", "np", "phd", "bsc", "pet", "nm", "ct", "cta",
        "mr", "mri", "mra", "xr", "dx", "cr", "dr", "ecg", "ekg", "eeg", "eus", "tee", "tte", "dsa", "usg", "iv", "po", "im",
        "sc", "ng", "ai", "gre", "epi", "dti", "dwi", "tse", "fse", "tof", "snr", "swi", "adc", "tir", "ssfp", "ffe", "tfe",
        "flash", "cine", "dce", "dsc", "asl", "mrs", "fly", "pdf", "avi", "tif", "png", "dcm", "lmp", "hcg", "crp", "wbc",
        "egfr", "gfr", "pacs", "ris", "cad", "suv", "mip", "mpr", "lat", "obl", "cor", "sag", "tra", "axi", "ax", "ap", "sup",
        "inf", "ant", "lt", "lr", "rl", "wb", "hr", "bp", "mm", "cm", "ml", "kg", "ms", "kv", "ma", "hu", "deg", "mhz", "sec",
        "two", "one", "ten", "six", "le", "la", "les", "un", "une", "el", "los", "las", "del", "de", "il", "lo", "den", "det",
        "der", "die", "das", "dem", "zu", "auf", "mit", "ohne", "bez", "med", "uten", "utan", "sem", "sin", "con", "sans",
        "ref", "eye", "way", "per",
    )
)  # fmt: skip
_PROSE = frozenset({Kind.GLUE, Kind.JOINS, Kind.ORDINARY, Kind.SELDOM})
_CHECKS = frozenset({"qc", "qcd", "qa", "qad", "chk", "chkd", "ckd", "vid", "ter", "due", "staff", "login"})
_OF_A_WARD = frozenset(
    (
        "OK", "NO", "NA", "OR", "ER", "ED", "GP", "ICU", "CT", "MR", "MRI", "US", "XR", "NM", "RT", "IV", "QA", "QC",
        "NIL", "NAD",
        "TBD", "TBA", "DR", "RN", "MD", "CTA", "MRA", "PET", "DSA", "AND", "NOT", "THE", "FOR", "NEW", "YES",
    )
)  # fmt: skip
# Words of roles by their endings: anaesthetist, röntgensjuksköterska, Röntgenassistent.
_ROLE = re.compile(
    r"[a-z]*(?:ologist|ologue|ologo|ologa|ologus|oloog|grapher|graaf|graf|grafo|asistent|assistent|assistant|"
    r"asszisztens|technik|"
    r"tekniker|technici[ae]n|laborant|sekretar|secretar|anaesthetist|anesthetist|practitioner|coordinator|"
    r"adjudicator|operat(?:or|eur)|"
    r"hemsire|nurse|pfleger|schwester|skoterska|hoitaja|pflegerin|pathologist|scopist|skopist|fyzik|fizyk|physiker|physicist|therapeut|therapist|loge|login|logue|arts|arzt|arztin|laakari|lakare|krankenschwester|infirmier|enfermer|infermier)[a-z]{0,4}"
)
_JOINT = re.compile(r"[\s_.:=/(\[#'\u2019-]{1,4}")
_TIED = re.compile(r"\s?[:=]\s?|\s?/\s?|\s?[(\[]\s?")
_ENDING = re.compile(r"['\u2019](?:er|ers|en|e|n|d|s|in|a|u|ie)$|['\u2019]")  # MBB'er
_IN_BRACKETS = re.compile(r"\(?(?:e|in|a|n|en|r)\)?")  # laborant(e), Arzt/in
_LETTERS = re.compile(r"[A-Z]{2,3}|[a-z]{2,3}|[A-Z][a-z]")
_PART_ENDS = re.compile(r"\W*$|\s?[,;:|)\]_\"&+]|\s[-\u2013/*>]|\.\s|/[A-Za-z]{2,3}(?![A-Za-z])")
_PART_BEGINS = re.compile(r"[,;:|(\[.\"*>/_^-]\s?$")
_VIEW = re.compile(PARTS["<modality>"] + "|" + PARTS["<side of>"])
_ROLE_BEHIND = re.compile(
    r"(?:\s?[(\[]\s?|\s?[-,/]\s?)(?:tech(?:nologist|nician)?|rad(?:iographer)?|mtra?|rtr|operator|sonographer|reader|observer|"
    r"registrar|nurse|student)(?![A-Za-z])|\s(?:BSc|RRT|DCR|HCPC|RTR|RTT|CRGS|CRVS|ARDMS|MRT|MRTR)(?![A-Za-z])",
    re.IGNORECASE,
)


def find(text: str, found: Sequence[Token]) -> Iterator[Hit]:
    """The short words that are initials here."""
    for i, token in enumerate(found):
        if not _LETTERS.fullmatch(token.text):
            continue
        # in capitals a short word of prose is none: nurse AM
        if fold(token.text) in _NO_INITIALS and not _role_signs(i, found, text):
            continue
        if _labelled(i, found, text) or _by_somebody(i, found, text) or _before_role(i, found, text):
            yield Hit(token.start, token.end, _INITIALS)


def _labelled(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a label stands before a short word and nothing it would describe stands behind it."""
    label = i - 1
    joined = _BY if label >= 0 and fold(found[label].text) in _BY else _TO
    by = label > 0 and fold(found[label].text) in joined and text[found[label].end] in " :"
    if by:
        label -= 1
        if text[found[label].start : found[i].start].count(" ") > _BLANKS or not _near(label, label + 1, found, text):
            return False
        if joined is _TO and fold(found[label].text) not in _TOLD:
            return False
        if label and fold(found[label].text) == "in":
            label -= 1  # logged in as
    elif label > 0 and re.fullmatch("[1-9]", found[label].text) and fold(found[label - 1].text) in _SURE:
        label -= 1  # reader 2 VP
    if label < 0 or not (_near(i - 1, i, found, text) or text[found[i - 1].end : found[i].start] == ") "):
        return False
    if label and _IN_BRACKETS.fullmatch(found[label].text) and text[found[label].start - 1] in "(/":
        label -= 1  # laborant(e), Arzt/in
    word = _role_word(label, found)
    tied = by or bool(_TIED.fullmatch(text, found[i - 1].end, found[i].start))
    sure = word in _SURE or bool(_ROLE.fullmatch(word))
    done = tied and (word in _DONE or word in _FINISHED or fold(found[label].text) in _DONE)
    if not (sure or done):
        if word in _DEPARTMENTS:
            return _signs_for(i, label, found, text)
        return word in _FINISHED and bool(_PART_ENDS.match(text, found[i].end)) and not _VIEW.fullmatch(found[i].text)
    return _stands_alone(i, found, text, tied=tied, sure=sure)


def _role_word(label: int, found: Sequence[Token]) -> str:
    """A label without its case, its number and its ending: MBB'er, R2; sub-I and co-PI as investigators."""
    word = _ENDING.sub("", re.sub(r"['\u2019]d$", "d", fold(found[label].text))).rstrip("0123456789")
    joined = (
        label > 0 and found[label - 1].end + 1 == found[label].start and fold(found[label - 1].text) in ("sub", "co")
    )
    return "investigator" if joined and word in ("i", "pi") else word


def _role_signs(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether capitals end a part of a text behind a sure role that is written small, and are none of a ward's: tech PA."""
    label = found[i - 1] if i else None
    if label is None or label.text.isupper() or not found[i].text.isupper() or found[i].text in _OF_A_WARD:
        return False
    word = _role_word(i - 1, found)
    person = (word in _SURE and word not in _CHECKS) or bool(_ROLE.fullmatch(word))
    person = person or (word in _DEPARTMENTS and _signs_for(i, i - 1, found, text))
    return person and _near(i - 1, i, found, text) and bool(_PART_ENDS.match(text, found[i].end))


def _signs_for(i: int, label: int, found: Sequence[Token], text: str) -> bool:
    """Whether capitals and a department before them have a part of the text for themselves, and are no work of it: sono RR."""
    token, department = found[i], found[label]
    if not token.text.isupper() or token.text in _DEPARTMENTAL or department.text.isupper():
        return False
    before = text[found[label - 1].end : department.start] if label else ""
    begins = not label or bool(_PART_BEGINS.search(before)) or before.endswith((". ", "]", ") ", "|"))
    ends = bool(_PART_ENDS.match(text, token.end))
    plain = department.text.islower() and fold(department.text) in _PLAIN and not _VIEW.fullmatch(token.text)
    return (begins or ends) if plain else (begins and ends)


def _by_somebody(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a part of the text ends in "by" and letters that are no word: tagged by lf."""
    token = found[i]
    by = i > 0 and fold(found[i - 1].text) in _BY and text[found[i - 1].end : token.start] == " "
    return (
        by and token.kind not in _PROSE and not _VIEW.fullmatch(token.text) and bool(_PART_ENDS.match(text, token.end))
    )


_BLANKS, _FEW = 3, 3


def _near(left: int, right: int, found: Sequence[Token], text: str) -> bool:
    return bool(_JOINT.fullmatch(text, found[left].end, found[right].start))


def _stands_alone(i: int, found: Sequence[Token], text: str, *, tied: bool, sure: bool) -> bool:
    """Whether letters could be initials: no view or modality of what follows, and no short word of the language."""
    token = found[i]
    ends = bool(_PART_ENDS.match(text, token.end))
    if _VIEW.fullmatch(token.text) and not (ends and sure):
        return False
    if token.text.isupper() or (token.text.istitle() and token.kind is Kind.UNKNOWN):
        return True
    return (ends or tied) and (token.kind not in _PROSE or (tied and ends))


def _before_role(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether capitals begin a part of a text that a role ends: LF (tech); RM - tech."""
    token = found[i]
    if not token.text.isupper() or _VIEW.fullmatch(token.text):
        return False
    role = _ROLE_BEHIND.match(text, token.end)
    begins = (
        not i
        or text[found[i - 1].end : token.start] == " "
        or _PART_BEGINS.search(text[max(token.start - 2, 0) : token.start])
    )
    return role is not None and bool(begins) and bool(_PART_ENDS.match(text, role.end()))
