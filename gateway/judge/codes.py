"""Letters with digits that reports and protocols mean something by: stages of tumours, grades, catheters, segments, sequences.

``numbers`` says which codes could be somebody's; what is written here in the way of a classification is nobody's.
"""

from __future__ import annotations

import re

from gateway.judge.text import fold

_T = r"t(?:is|[0-4x](?:[a-d](?:[1-3])?|mi)?)"
_N = r"n(?:[0-3x](?:[a-c]|mi)?)"
_M = r"m(?:[01x][a-d]?)"
_BEFORE = r"(?:mp|[ypcra]{0,2})"
_CODE = re.compile(
    rf"{_BEFORE}{_T}(?:{_BEFORE}{_N})?(?:{_BEFORE}{_M})?|{_BEFORE}{_N}(?:{_BEFORE}{_M})?|[yp]{{1,2}}{_M}"  # cT3bN1M0, ypT2, N2b
    r"|(?:l|v|pn|g|gg|r|d|s|p|c|t|h|i|f|w|bo|a)[0-4][ab]?"  # L0 V1 Pn0 G2 GG3 R1
    r"|g[1-9]p\d(?:a\d)?|g\d{1,2}p\d{1,2}"  # gravida, para
    r"|(?:i{1,3}|iv|vi{0,3}|ix|x)[a-h]?[1-3]?"  # stages and segments: IIB, IVa, IIIC1
    r"|[ivx]{1,4}[-/][ivx]{1,4}[a-d]?"
    r"|[1-9]\d?(?:[.,]5)?(?:f|fr|ch|g)"  # catheters and needles: 10F, 18G
    r"|ki67|cd\d{1,3}|ck\d{1,2}|p(?:16|40|53|63)|gata3|ttf1|sox10|her2|s100|pax[258]|bcl[26]|mlh1|msh[26]|pms2"  # stains
    r"|[1-4]v|3v[tv]|(?:v[a-e]|xa|e)\d\d[a-z]?"  # views; versions of software
    r"|(?:he|ne|sp|bo|br|pa|bc|hc|sh|kn|fl)\d{1,2}"  # elements of coils
    r"|[12]?\d{1,2}(?:dir|ch|pl|echo|vol|ph|seg|el|ci|pt|kan|sek)"  # 64dir, 3pl
    r"|(?:he|ne|sp|bo|br|pa|bc|hc|sh|kn|fl)\d{1,2}(?:,\d{1,2}){1,3}"  # NE1,2
    r"|c\d{1,2}m\d{1,2}"  # Barrett's oesophagus by the Prague criteria
    r"|c\d{1,2}d-?\d{1,2}|v\d{1,2}d\d{1,3}|w(?:k|eek)?\d{1,2}d\d|q\d{1,2}w|[bt]id|tds|qds"  # cycles, visits, doses
    r"|fev[16]|fef\d\d|ki-?67|tg-?\d{2,3}|pd-?l[12]|ca(?:125|153|199|724)|s\d{3}b|cd\d{1,3}[a-d]?|il\d{1,2}|hba1c|vitd3?|b12|dm[12]"
    r"|t[1-4]dm|spo2|pao2|paco2|fio2|co2|o2|h2o2?|n2o|sf6|c3f8|psma\d{1,4}|i2[0-9]?|gp\d{2}|m[12]dm"
    r"|(?:hpv|hhv|sv|ebna|hiv|htlv|hcv|hbv)\d{1,2}|(?:p|q)\d{2}(?:[.,]\d{1,2})?|(?:t|inv|del|dup)\d{1,2}q\d{1,2}"  # viruses, loci
    r"|(?:fl|fe|ep|se|tse|tfl|tfi|fi|trufi|hst|haste|space|vibe|swi|tof|pc|mp2rage|mprage|me|m|b|ir|tir|spc|spcir|ciss|dess|medic|gre|fgre|fspgr|"
    r"spgr|lava|ideal|cube|brava|vista|nerve|thrive|ethrive|bffe|sffe|ffe|tfe|bravo|merge|cosmic|fiesta|propeller|prop|blade|resolve|"
    r"ssfse|frfse|fse|asl|pcasl|qsm|mag|pha|dixon|mdixon|ute|zte|petra|epse|epfid|ep2d|epi|dti|dwi|adc|bold|perf|dsc|dce)"
    r"[1-4]?d?[1-4]?d(?:\d{1,2})?(?:r|rs|t|vib|tb|s|ns)?\d{0,2}(?:r|s|t|c|_)?"  # fl3d1r, swi3d1r, tse2d1rs11, me2d
    r"|t[12][wm]?[1-4]d|[1-4]d(?:t[12]w?|tof|pc|flair|space|vibe|tse|fse|gre|ffe|tfe|mprage|fspgr|spgr|dess|ciss)"
)
# Coils as their makers name them, with or without the number of their channels: 8CHCARDIAC, HRBRAIN, CTLTOP.
_COIL = re.compile(
    r"(?:[1-9]\d?(?:ch|hr|c)?)?(?:(?:hr|hd|hns?|ctl|nv|sense|full|flex|ge|gem|air)(?:brain|head|neck|spine|top|mid|bot|bottom|body|torso|"
    r"cardiac|array|fo|is|full|knee|foot|ankle|hand|wrist|large|small|medium|l|m|s)|hn[asu]|ctl)\d{0,3}"
    r"|[1-9]\d?(?:ch|hr|c)(?:cardiac|brain|head|neck|body|torso|spine|knee|foot|ankle|wrist|shoulder|breast|pelvis|hand|flex|nv)[a-z]{0,5}"
)
_GENES = frozenset(
    (
        "braf", "kras", "nras", "hras", "egfr", "idh", "idh1", "idh2", "pik3ca", "jak2", "pdgfra", "tp53", "calr",
        "flt3", "myd88", "brca", "brca1", "brca2", "alk", "ros1", "ntrk", "ntrk1", "ntrk3", "her2", "erbb2", "fgfr",
        "fgfr2", "fgfr3", "tert", "ctnnb1", "gnas", "gna11", "gnaq", "h3", "h3f3a", "h3k27m", "akt1", "pten", "mlh1", "msh2",
        "npm1", "dnmt3a", "esr1", "abl1", "bcr", "cebpa", "ezh2", "sf3b1", "hist1h3b", "cftr", "ttr",
        "exon", "codon", "mutation", "mutant", "variant",
    )
)  # fmt: skip
_VARIANT = re.compile(
    r"(?:p|c)?[acdefghiklmnpqrstvwy]\d{1,4}(?:[acdefghiklmnpqrstvwyx]|fs\w{0,4}|del\w{0,4}|dup\w{0,3}|ins\w{0,4})?|ex\d{1,2}(?:del|ins)?"
)
_SHORT = 2  # letters of initials
# Units that only prose has.
_UNITS = re.compile(
    r"(?:mcg|\u00b5g|ug|ng|pg|iu|miu|mu|meq|mval|mosm|[mu]?mol|mcmol|mcl|ul|fl|dl|hpf|lpf|hpfs|cfu|ml|mm[23\u00b2\u00b3]?|cm[23\u00b2\u00b3]?|"
    r"m[2\u00b2]|mmhg|mbq|mci|ppm|ppi|dpi|fps|rpm|cgy|dpt|dioptres?|mets?|puffs?|drops?|gtt|tabs?|caps|amps?|units?|sec|secs|mins?|hrs?|"
    r"wks?|mths?|yrs?|stk|jaar|weeks?|x)"
)
_STAGE = re.compile(r"(?:i{1,3}|iv|vi{0,3}|ix|x)[a-h]?[1-3]?")
_MIXED = re.compile(r"[IVX]{1,4}[a-h]")
_STAGED = frozenset(
    (
        "stage", "stages", "stadium", "stade", "stadio", "estadio", "estadiu", "stadie", "stopien", "figo", "segment", "segments",
        "segmento", "segmenti", "segmente", "segmentes", "segmentu", "grade", "grad", "grado", "grau", "graad", "type", "typ",
        "tipo", "class", "klasse", "classe", "level", "group", "zone", "aste", "fokozat", "stadiu", "gradul", "derece",
    )
)  # fmt: skip
_GENE = 4  # letters and figures of a gene in small letters; shorter ones are words


def gene(word: str) -> bool:
    """Whether a folded word of letters is a gene that reports name variants of."""
    return word in _GENES


def variant(word: str, before: str) -> bool:
    """Whether a folded token is a variant of the gene that the folded token before it names: V600E behind BRAF."""
    return before in _GENES and not word.isdecimal() and _VARIANT.fullmatch(word) is not None


def coil(word: str) -> bool:
    """Whether a folded token is written as the name of a receive coil: 8CHCARDIAC, HRBRAIN."""
    return len(word) > _SHORT and _COIL.fullmatch(word) is not None


def unit(word: str) -> bool:
    """Whether a folded word is a unit that only prose has: mcg, HPF."""
    return _UNITS.fullmatch(word) is not None


def known(word: str) -> bool:
    """Whether a folded token is written as a stage, grade or size is: cT3bN1M0, IIIC1, 18G."""
    return _CODE.fullmatch(word) is not None


def stage(token: str, before: str) -> bool:
    """Whether a token is a Roman number with the letter of a stage or segment: IVa, and behind a folded word of stages IIIB."""
    return _MIXED.fullmatch(token) is not None or (before in _STAGED and _STAGE.fullmatch(token.casefold()) is not None)


def coded(token: str, last: str) -> bool:
    """Whether a token behind the folded word ``last`` is a stage, grade, size or gene by its form: ypT1a, IVb, stage IIIB."""
    word = fold(token)
    if stage(token, last) or variant(word, last) or (gene(word) and (token.isupper() or len(word) > _GENE)):
        return True
    return any(char.isdecimal() for char in token) and known(word)


def counted(word: str, last: str, joint: str) -> bool:
    """Whether a folded word is a unit of prose behind a number, or behind a unit and a slash: 50 mcg, Hz/px."""
    return unit(word) and ((last[-1].isdecimal() and joint in ("", " ")) or joint == "/")
