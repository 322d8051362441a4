"""Rooms, beds, doors, boxes, roads and days, ages and hours whose form means something else on a console, in free text.

Each line is a family of some twenty languages; what is measured, counted or graded is none of them. Behind a street that is known
already the doors, floors and blocks that hang on it go too, however short their labels are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gateway.judge.parts import build
from gateway.judge.patterns import Hit, even
from gateway.records import Reason

_DOOR = Reason("address.door", 0.8)
# Before the number of a room, a bed or a ward; alone they tell nothing.
_ROOMS = (
    r"habitacion|hab|letto|stanza|enfermaria|leito|kamer|kmr|afdeling|afd|avdeling|avdelning|avd|sang|stue|seng|"
    r"lozko|lozka|oddz|"
    r"pokoj|pok|luzko|luzka|korterem|szoba|oda|yatak|krevet|soba|huone|rum|chambre|chb|cama|quarto|bettplatz|bett|bett-nr|"
    r"zimmer|krankenzimmer|isolette|crib|cubicle|trolley|incubator|bay|bedspace|bed space|planta|reparto"
)
_UNITS = r"ICU|ITU|CCU|NICU|PICU|HDU|MICU|SICU|ITS|IMC|OP-Saal|OP Saal|[Gg]yne?|[Rr]esus|[Ss]ervis|[Ss]alon|OPD"
_BOXES = (
    r"private bag|locked bag|postbus|postboks|antwoordnummer|pf\.|skrytka|skr\. ?poczt|skrytka pocztowa|"
    r"caixa postal|casilla|apdo|apartado|"
    r"casella(?: postale)?|gpo box|pob|p o box|post box|poste restante|postanski pretinac|a/ya|post office box|"
    r"boite postale|tsa|"
    r"kotelo|lokero|postilokero|fiokiroda|posta kutusu"
)
# Of Latin American towns whose streets have numbers: Carrera 7 # 12-34.
_ROADS = r"calle|cll?|carrera|cra|kra|kr|cr|diagonal|diag|dg|transversal|transv|tv|avenida|av|ac|ak"
_HASH = r"(?:#|no\.?|n[\u00ba\u00b0]\.?|nro\.?)"
_TH = "(?:st|nd|rd|th)"
_NUMBER = r"\s?(?:no|nr|n)?[.:\u00ba\u00b0]?\s?#?\s?"
_WEEKDAYS = (
    r"Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So|Lun|Mar|Mer|Mie|Jeu|Jue|Ven|Vie|Sam|Sab|Dim|Dom|Gio|"
    r"Seg|Qua|Qui|Sex|Ma|Ti|"
    r"Wo|Vr|Za|Zo|Tir|Ons|Tors?|Fre|Lor|Son|Pn|Wt|\u015ar|Czw|Pt|Sob|Nd|Pon|Pzt|Sal|\u00c7ar|Per|Cum|Cmt|Paz|Ke|To|"
    r"Pe|La|Su|Ut|St|\u010ct|P\u00e1|So|Ne|H|K|Sze|Cs|P|"
    r"lun|mer|mie|jeu|jue|ven|vie|sam|dim|gio|pon|mi\u00e9|s\u00e1b"
)
_DATED = (
    r"lmp|lnmp|fdlmp|ddr|fur|dum|um|edd|edc|dpa|fpp|dpp|bis|ab|vom|am|dated|dd|d\.d\.|d\.|v\.|den|dnia|z dnia|dn\.|"
    r"dne|ze dne|pvm|dia|datum|"
    r"ngay|geb|fodt|fodd|ne le|nee le|nar|ur|born|dob|b\.d\.|bd|seit|appt|appointment|tidl|fra|fran|pa|ke|"
    r"compared(?: to| with)?|comp\.?|previous|vgl|va"
)
_WEAK_DATED = r"le|du|del|el|em|il|al|dal|op|from|on|ma|seen|due|exam|scan|prior|prev|date|vu"
_LABELS_OF_YEARS = (
    r"op\.?|ed|iqx?\.?|vu|z\. ?n\.?|cf\.?|comp\.?|compared(?: to| with)?|from|since|seit|prev\.?|previous|prior|vom|"
    r"ab|dal|desde|depuis|bis|"
    r"sedan|siden|last|dated|until|til|till|od|wzg\.?|vgl\.?|vs\.?|until"
)
# Days and months without the zeros that tell them. No fraction, strength, score or span of months (3/12).
_SLASHED = r"(?![1-5]/[2-6](?!\d))(?:<day>/<month>|<month>/<day>)(?!\d|[./,-]\d)<not measured>"
_DOTTED = r"<day>\.(?:<month>\.(?!\d)|(?:0[1-9]|1[0-2])(?!\d|[.,]\d))<not measured>"
_DASHED = r"<day>-<month>(?!\d|[./,-]\d)<not measured>"
_CALENDARS = (
    "Muharram|Safar|Rabi|Jumada|Rajab|Sha'?ban|Ramadan|Ramazan|Shawwal|Dhu'?l|Dhul|Farvardin|Ordibehesht|Khordad|Tir|Mordad|Shahrivar|Mehr|"
    "Aban|Azar|Dey|Bahman|Esfand|Tishre?i|Heshvan|Cheshvan|Kislev|Tevet|Shevat|Adar|Nisan|Iyy?ar|Sivan|Tammuz|Elul|Meskerem|Tikimt|Hidar|"
    "Tahsas|Yekatit|Megabit|Miyazya|Ginbot|Sene|Hamle|Nehase|Baisakh|Jestha|Ashadh|Shrawan|Bhadra|Ashwin|Kartik|Mangsir|Poush|Magh|Falgun|"
    "Chaitra|Vaisakha"
)
_LATE = r"(?:VII|VIII|IX|XI|XII|(?<!-)X)"  # as months; the smaller ones are grades and levels too
# Months that are technical words too: where a day before them and nothing else is in a part of a text, or behind a comparison.
_UNCLEAR_TITLED = "Mar|Dec|Des|Mei|Mart|Mars|Dic|Ene|Fev|Ago|Marco|Mar\u00e7o|Luty|Gener|Juna"
_COMPARED = (
    r"compar(?:ison|ed|e)(?: (?:with|to|from))?|comparaison|comparaci[o\u00f3]n|compara[c\u00e7][a\u00e3]o|confronto|vergleich|"
    r"vergelijking|sammenlign(?:et|ing)(?: med)?|j\u00e4mf\u00f6rt(?: med)?|por\u00f3wnani[ue]|srovn\u00e1n\u00ed|comp|cf|vs|vgl|"
    r"prior|previous|prev|since|"
    r"from|of|dated|vom|seit|du|depuis|desde|del|dal|da|van|sinds|fra|fr\u00e5n|den|dnia|z|ze|seen|until|till|bis|exam|study|scan"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])\.?[ .-]{1,2}"
_PART_BEGINS = r"(?:(?<=^)|(?<=[,;|(\[_]\s)|(?<=[|(\[_;])|(?<=\s[-\u2013/]\s)|(?<=\.\s))"
_SEXES = (
    r"varon|mujer|vrouw|kvinna|kvinde|kvinne|nainen|femme|homme|donna|uomo|mulher|homem|kobieta|mezczyzna|kob|muz|zena|ferfi|"
    r"frau|mann|woman|man|lady|female|male|patientin"
)
_AGE = r"(?:[1-9]\d|1[01]\d)(?!\d|[.,:/-]\d)<not measured>"
FORMS = (
    build("address.door", 0.8, rf"""
        <no letter>(?:{_ROOMS}){_NUMBER}(?:\d{{1,4}}[a-z]?|[a-z]\d{{1,3}})<end><not measured>(?:\s?[/-]\s?\d{{1,2}}<end>)?
        <no word>\d{{1,2}}[nsew]-\d{{2,4}}<end>
        <no letter>(?:{_BOXES}){_NUMBER}\d{{2,6}}(?: \d\d)?<end><not measured>
        <no letter>(?:ext|extn|nst|durchwahl|apparat|interno|lokal|busca|int)\.?\s?[:.]\s?\d{{3,5}}<end><not measured>
        <no letter>(?:interno|lokal|busca|anexo|ramal|toestel|klapka|dahili|anknytning) \d{{3,5}}<end><not measured>
        <no letter>(?:token|queue|q)\.? ?(?:no|nr|number|#)\.? ?\d{{1,4}}<end>
        <no letter>x \d{{4}}(?=\W*$|[,;)])
    """),
    build("address.street", 0.8, rf"""
        <no letter>(?:{_ROADS})\.? \d{{1,3}} ?[a-z]?(?: bis| sur| norte| este)? ?{_HASH} ?\d{{1,3}} ?[a-z]?[ -]{{1,3}}\d{{1,3}}
        <no letter>(?:calle|cll|carrera|cra|kra|diagonal|transversal) \d{{1,3}} ?[a-z]? \d{{1,3}} ?[a-z]? ?- ?\d{{1,3}}
        <no word>\d{{2,5}} (?:state|county|old|rural|us|forest) (?:route|rte|highway|hwy|road|rd) \d{{1,4}}
        <no word>\d{{2,5}} (?:highway|hwy|route) \d{{1,4}}
        <no word>\d{{4,5}} (?:cr|fm|sr|rm) \d{{1,4}}<end>
        <no letter>(?:s\.s\.|s\.p\.|s\.r\.|ctra\.?|carretera|rodovia|rod\.?) ?[a-z\d-]{{1,9}},? km\.? ?\d{{1,4}}
        <no word>\d{{1,3}},? (?:\d{{1,3}}{_TH} main,? )?\d{{1,3}}{_TH} (?:cross|main|street|avenue|ave|st)<end>
        <no word>\d{{1,3}}(?:st|nd|rd|th) (?:cross|main)<end>
        <no letter>c\. ?p\. ?\d{{1,4}}<end>
        <no letter>moo \d{{1,2}}<end>
        <no letter>rt \d{{1,2}} ?/ ?rw \d{{1,2}}
    """),
    build("postcode", 0.7, r"""
        (?<![A-Za-z\d])[AC-FHKNPRTV-Y]\d[\dW] (?=[A-Z]?\d|[A-Z]{2}\d|[A-Z]{3}\d)[AC-FHKNPRTV-Y][AC-FHKNPRTV-Y\d]{3}(?![A-Za-z\d])
        (?<![A-Za-z\d])(?i:eircode)[: ]{1,2}[A-Z]\d[\dW] ?[A-Z\d]{4}
    """, cased=True),
    build("address.door", 0.8, rf"""
        (?<![A-Za-z])(?:{_UNITS})[ -](?:[Nn]o\.? )?\d{{2,3}}[a-z]?(?![\w.,/-]|\s?(?:mm|cm|%|x))
    """, cased=True),
    build("place.coordinates", 0.8, r"""
        (?<![\d.])-?\d{2,3}\.\d{4,}\s?,\s?-?\d{1,3}\.\d{4,}
        (?<![\d.])-?\d\.\d{4,}\s?,\s?-?\d{2,3}\.\d{4,}
        \d{1,3}\u00b0\s?\d{1,2}(?:\.\d+)?['\u2032\u2019]\s?(?:\d{1,2}(?:\.\d+)?["\u2033\u201d'']{1,2}\s?)?[NSEWO](?![A-Za-z])
        (?<![A-Za-z])[NSEWO] ?\d{1,3}\u00b0\s?\d{1,2}\.\d+
    """, cased=True),
    build("date.day_month", 0.7, rf"""
        <no letter>(?:{_DATED})[.:]?,?\s?(?:{_SLASHED}|{_DOTTED})
        <no letter>(?:lmp|lnmp|d\.d\.|dd|dob|born|geb|edd|datum|dated|ngay)[.:]?\s?{_DASHED}
        <no letter>(?:{_WEAK_DATED})\s(?!\d\d?/10(?!\d)){_SLASHED}
        <no letter>(?:ct|mri?|xr|exam|scan|study|us|mammo|film|cxr) (?:of|on|from|vom|du|del|dated) {_SLASHED}
        <no word>\d{{1,2}}\.\d{{1,2}}\.\s?[-\u2013]\s?\d{{1,2}}\.\d{{1,2}}\.
        (?<![\w./-])<dd>-0[1-9](?![\w/-]|\.\d)
        (?<![\w./-])<day>\.<month>\.\s?-\s?\d\d(?!\d)
        (?<![\w./-])\d{{1,2}}(?:st|nd|rd|th)[./-]<month>[./-]\d{{2,4}}(?!\d)
        (?<![\w./-])<dd><mm>['\u2019]\d\d(?![\d'"])
        (?<![\w./-])<day>/<month>\s?-\s?\d\d(?!\d|[.,]\d)
        (?<![\w./-])<year>\.<mm>(?![\w/-]|\.\d)<not measured>
        <no letter>(?:{_LABELS_OF_YEARS}) ?<month>/\d\d(?!\d|[./,]\d)<not measured>
        (?<![\w'\u2019\u2032])['\u2019]\d\d(?![\w'\u2019"\u2032\u2033]|[.,]\d)(?!\s?s\b)
        <no letter>(?:fodd|fodt|fodda|f|ne|nee|born|geb|nar|ur|szul|nato|nata|b)\.? ?-\d\d(?!\d)
        <no word>\d{{1,2}}\.? ?kw(?: <year>| ?/ ?\d\d)
        <no word>\d{{1,2}}\. ?kw(?![a-z])
    """),
    build("date.day_month", 0.7, rf"""
        (?<![A-Za-z])(?:{_WEEKDAYS})\.?,? (?:{_SLASHED}|{_DOTTED})
    """, cased=True),
    build("date.month_name", 0.9, r"""
        <no word>\d{1,2}(?:st|nd|rd|th|er|eme|\u00b0|te|ter|ten)?\s?(?:de |di |des |of |jour |jours )?(?!<may do>)<clear name>
        <no word>\d{1,2}[oa] (?:de |di )<clear name>
        <no word>\d{1,2}<first of two>(?=\d{1,2}(?:st|nd|rd|th|er|\.)?[ .-]{0,2}(?:of |de )?(?!may)<clear name>)
        <no letter>(?!sep|oct|may|mar)<clear name>[ ./_-](?:[3-9]\d|0\d)<no count>
    """),
    build("date.month_name", 0.9, rf"""
        (?<![A-Za-z\d])(?:Sept?|Oct)\.?[ ./_-](?:[3-9]\d|0\d)(?![\w/.-])
        (?<![A-Za-z\d])\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_CALENDARS})(?![a-z])(?:[ -][A-Z][a-z]+)?(?:,? \d{{2,4}})?
        (?<![A-Za-z\d])(?:{_CALENDARS}) (?:1[34]|5[78]|20)\d\d(?!\d)
        (?<![\w./-])(?:0?[1-9]|[12]\d|3[01])[./-]{_LATE}(?:\.(?=\W|$)|(?![\w./-]))
        (?<![\w./-])(?:0?[7-9]|[12]\d|3[01])[./-](?:I|II|III|IV|V|VI)(?:\.(?=\W|$)|(?![\w./-]))
        (?<![\w./-]){_LATE}/\d\d(?![\w/.])
        (?<!\d)(?:19|20)\d\d[. /-]{{1,2}}(?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})[. /-]{{1,2}}\d{{1,2}}(?!\d)
    """, cased=True),
    build("date.month_name", 0.8, rf"""
        (?<![\w./,-]){_DAY}(?:{_UNCLEAR_TITLED})\.?(?=\W*$|\s?[,;:)|\]]|\.\s|_|\s[-\u2013/*>])
        (?<=_){_DAY}(?:{_UNCLEAR_TITLED})(?![\w])
        {_PART_BEGINS}{_DAY}(?i:{_UNCLEAR_TITLED})(?=\W*$|\s?[,;)|\]_]|\.\s|\s[-\u2013/]\s)
        (?<![A-Za-z])(?i:{_COMPARED})[.:]?,? {_DAY}(?:de |di )?(?i:{_UNCLEAR_TITLED}|set|out|gen|mag)(?!\w)
    """, cased=True),
    build("time", 0.8, r"""
        <no letter>(?:<hour>)[.:]? ?(?:[01]?\d|2[0-3])[.:]<min>(?!\d|[.,]\d)<not measured>(?! ?min)
        <no letter>(?:ore|alle ore|godz\.?|klo|kl\.?|o godz\.?) (?:[01]?\d|2[0-3])(?=\W*$|[,;)]| - )
        (?<![\d.,])(?:[01]\d|2[0-3])\.<min> ?(?:u|uur|h|hod|hrs?|uhr)(?![a-z])
    """),
    build("time", 0.8, r"(?<![\w.,/-])(?:0?[1-9]|1[0-2]) ?AM(?![A-Za-z])", cased=True),
    build("age_sex", 0.8, rf"""
        <no letter>(?:{_SEXES})(?: de| of| di| van)?,? {_AGE}(?: ?a(?![a-z]))?
        <not bone><no letter>(?:di anni|anni|aa|lft|varsta|age|alder|alter|edad|idade|wiek|vek|kor|umur|usia)[.: -]{{1,2}}{_AGE}
        <no letter>years\s?: ?{_AGE}
        <no word>(?:9\d|10\d)\+? ?(?:lj|ev|yas|god|aa|thn|jr)(?![a-z])
        (?<![\w.,/-])(?:[4-9]\d|10\d) ?a\.?(?=\W*$|\s?[,;)|])
        <no word>(?:9\d|10\d)\+ ?y?(?![a-z\d])
        <no word>\d{{2,3}}\. ?lj(?![a-z])
        (?<![\w.,/-])(?:9\d|10\d) r\.(?=\W*$|\s?[,;)|]| )
        (?<![\w.,/-])(?:[km] )?(?:[4-9]\d|10\d) l\.(?=\s?:|\W*$)
    """),
    build("age_sex.capital", 0.7, r"""
        (?<![\w.,/-])(?:9\d|10[1-9]) ?[KWE](?![\w.])
        (?<![\w.,/-])[KEWH]/(?:9\d|10\d)(?![\w.])
    """, cased=True),
)  # fmt: skip
# Doors, floors, blocks and stairs behind a street, their labels and numbers, in the order in which they come.
_HANGS_ON = re.compile(
    r"(?:[\s,./-]{1,3}(?:(?:bl|bloc|bloque|blok|block|bldg|et|etaj|etg|etage|ap|apto?|app|appt|apart|sc|esc|scala|"
    r"int|p|piso|planta|pta|puerta|"
    r"dpto|depto|dep|top|stg|stiege|tur|tuer|tr|trappor|lgh|as|em|emelet|fsz|fszt|vh|vhod|kv|kvart|korp|d|dom|k|kat|"
    r"daire|bt|bat|bte|bus|n|no|nr|"
    r"m|lok|mieszk|sal|nave|lote|lt|lot|mz|casa|km|gg|gang|rt|rw|kg|moo|unit|flat|apt|suite|ste|rm|room|floor|fl|og|"
    r"eg|ug|hs|bis|ter|porta|pt|"
    r"interno|scara|bl|sector|sect|jud|kl|th|tv|mf|st|port|porte|esc|escalera|edificio|edif|torre|cond|conj|qd|quadra)"
    r"(?![^\W\d_])[.:]?\s?(?:no|nr)?[.:]?\s?#?\s?(?:[a-z](?![^\W_])|[1-9]\d{0,3}[a-z]?(?![^\W_])|"
    r"#?\d{1,3}[\u00ba\u00aa\u00b0](?:\s?[a-z](?![^\W_]))?|[ivx]{1,4}(?![^\W_]))|\d{1,4}\s?"
    r"(?:tr|og|eg|\.?\s?sal|th|tv|mf|et|em|vh|korp|trp?|hs|lgh)(?![^\W_])))+"
)


def find(text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The places of the forms above; ``hits`` are those that are known already."""
    folded = even(text)
    for form in FORMS:
        for match in form.expression.finditer(text if form.cased else folded):
            yield Hit(*match.span(), Reason(form.rule, form.score))
    for hit in hits:
        if hit.reason.rule.startswith("address"):
            behind = _HANGS_ON.match(folded, hit.end)
            if behind is not None:
                yield Hit(hit.end, behind.end(), _DOOR)
