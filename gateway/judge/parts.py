"""Parts of the forms that identify (``gateway.judge.patterns``): numbers of dates, words for ages, for doing, for streets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.judge.months import MONTHS, UNCLEAR


def _one_of(words: Iterable[str]) -> str:
    """An expression of any of the words, by first letters: trying hundreds at every place costs three times that."""
    behind: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (word[0], -len(word), word)):
        behind.setdefault(word[0], []).append(word[1:])
    branches = (first + "(?:" + "|".join(rests) + ")" for first, rests in behind.items())
    return "(?:" + "|".join(branches) + ")"


_NAMES = [name for names in MONTHS for name in names]
# How the word "patient" begins in the languages of the lists, folded.
PATIENTS = ("patient", "pacient", "pazient", "pasient", "pacjent", "potila")
PARTS = {
    "<roman date>": r"[./-] ?<roman>[./-] ?(?:\d{4}|\d\d)|[. ]{1,2}(?!x )<roman>[. ]{1,2}\d{4}",
    "<any separator>": r"\s?[^\w\s]{1,2}\s?",  # a date of two equal separators is one whatever they are: 21'05'1952, 21|05|1952
    "<no count>": r"(?![\dx/%\u00b0*+]|[:.,-]\d|(?:st|nd|rd|th)?[^\W\d_]|"
    r"\s?(?:x|of|to|mm|cm|ml|hz|khz|mhz|ms|s|kv|ma|line|lines|b-scans?)(?![^\W\d_]))",
    "<abbreviated>": r"(?:dec|mar|des|dic|ene|fev|ago)",
    "<year>": r"(?:19|20)\d\d",
    "<month>": r"(?:0?[1-9]|1[0-2])",
    "<day>": r"(?:0?[1-9]|[12]\d|3[01])",
    "<dd>": r"(?:0[1-9]|[12]\d|3[01])",
    "<mm>": r"(?:0[1-9]|1[0-2])",
    "<min>": r"[0-5]\d",
    "<name>": _one_of(_NAMES) + r"(?![^\W\d_])",
    "<clear name>": _one_of(name for name in _NAMES if name not in UNCLEAR) + r"(?![^\W\d_])",
    "<no letter>": r"(?<![^\W\d_])",
    "<no word>": r"(?<![^\W_])",
    "<no number>": r"(?<![a-z\d.,])",
    "<end>": r"(?![a-z\d])",
    "<nth>": r"(?<![a-z\d.])\d{1,2}(?:st|nd|rd|th)?[ .,/_-]{0,2}(?:of |de |di |des )?",
    "<a name>": r"[a-z](?:[^\W_]|['-])+",
    "<more>": r"(?P<second>[ ,_]+[a-z](?:[^\W\d_]|['-])+(?![^\W_]))?",
    "<roman>": r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})",
    "<week>": r"(?:kw|cw|wk|week|woche|semaine|sem|semana|settimana|uge|uke|vecka|v|viikko|tydzien|tyden|hafta|w)",
    "<ninety>": r"(?:ninety|noventa|novant[aeiou]\w*|neunzig\w*|negentig\w*|halvfems\w*|nittio\w*|nitti\w*|"
    r"quatre-vingt-(?:dix|onze|douze|treize|quatorze|quinze|seize)|dziewiec?dziesiat\w*|devadesat\w*|doksan|"
    r"yhdeksankymmenta\w*|hundred(?: and)?)",
    "<unit number>": r"(?:one|two|three|four|five|six|seven|eight|nine|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|um|dois|"
    r"quatro|sete|oito|nove|sept|huit|neuf|bir|iki|uc|dort|bes|alti|yedi|sekiz|dokuz|jeden|dwa|trzy|cztery|piec|"
    r"szesc|siedem|osiem|dziewiec)",
    "<ordinal>": r"(?:(?:twenty|thirty)?-?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|"
    r"twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)",
    "<degrees>": r"(?:(?:med|dr|univ|prof|h\.?c|dent|habil)(?:\.|\s)\s*)*",
    "<short>": r"[A-Z]{2,3}(?![A-Za-z\d])",
    "<doer>": r"(?:tech(?:s|nologist|nician|nicien|niker|n|no|nik)?|tecnic[oa]|t\u00e9cnic[oa]|mtr?a|mtar|mtrt|tsrm|rtr|rta|"
    r"radiographer|bediener(?:in)?|user|"
    r"operatrice|op\u00e9ratrice|operat\u00f8r|operat\u00f6r|obsluha|dict|diktat|"
    r"sonographer|radiograf(?:o|a|en)?|r\u00f6ntgensjuksk\u00f6terska|ssk|usk|bma|oper(?:ator|ateur|ador|atore)?|"
    r"op\u00e9rateur|manip(?:ulateur)?|laborant(?:in|ka)?|init(?:ial)?s|reader|gez|typist|radiologist|radiolog(?:e|en|ue|o|a)?|"
    r"befunder(?:in)?|befundende[rs]?|(?:ober|assistenz|chef|fach)?arzt|(?:ober|assistenz|chef|fach)?\u00e4rztin|"
    r"examiner|untersucher|untersucherin|physician|m\u00e9decin|infirmi(?:er|\u00e8re)|enfermer[oa]|m\u00e9dic[oa]|infermiere|"
    r"verpleegkundige|laborante|sygeplejerske|sykepleier|l\u00e4kare|lege|l\u00e6ge|lekarz|piel\u0119gniarka|secretary|"
    r"sekret\u00e4rin|dictator|transcriptionist|observer|author|verfasser|auteur|autor|autore)",
    "<did>": r"(?:read|reported|scanned|dictated|checked|signed|typed|transcribed|performed|perf|done|acquired|verified|"
    r"approved|entered"
    r"|reviewed|befundet|untersucht|untersucher|diktiert|geschrieben|freigegeben|dict\u00e9|sign\u00e9|"
    r"interpr\u00e9t\u00e9|r\u00e9alis\u00e9"
    r"|informado|firmado|le\u00eddo|leido|realizado|dictado|refertato|firmato|eseguito|laudado|assinado|gelezen|"
    r"gescand|signerat"
    r"|unders\u00f6kt|granskat|opisa\u0142|wykona\u0142|popsal|\u00e7eken|raporlayan)",
    "<signed>": r"(?:signed|signature|typed|transcribed|dictated|initialled|initialed|initials|signiert|unterschrieben|diktiert|"
    r"geschrieben|sign\u00e9|dict\u00e9|firmado|firmato|dettato|assinado|ditado|getekend|gedicteerd|signerat|underskrevet|"
    r"podpis|podpisa\u0142)",
    "<initials>": r"[A-Z](?:\.? ?[A-Z]){1,2}\.?(?![A-Za-z\d])(?:(?: ?[/,&+] ?| and )[A-Z]{2,3}(?![A-Za-z\d]))*",
    "<side of>": r"(?:AP|PA|US|MR|CT|CC|LL|DP|IM|UE|LE|XR|SI|MT|TM|IC|VA|LA|RA|LV|RV|LO|ML|OB|TO|BE|IN|IS|OR|AX|OV|HE|UP|RL|TE|"
    r"WB|FL|EX|RAO|LAO|RPO|LPO|LLD|RLD|SAG|COR|TRA|OBL|LAT|MLO|XCC)",
    # between a label and initials; what a role looks at are none: radiologist CT chest
    "<labels>": r"(?! (?:CTA?|MRA?|MRI|US|PET|NM|XR|AP|PA|LT|RT) [A-Za-z]{3})[ _.:/(=-]{1,3}",
    # by these things are seen and done, so "by CT" names nobody
    "<means>": r"(?:CTA?|MRA?|MRI|MRCP|US|EUS|TEE|TTE|PET|NM|XR|DR|CR|DX|RF|IV|AI|CAD|ECG|EKG|SUV|DSA|MIP|MPR|PO|NG)",
    "<no operation>": r"(?<![A-Za-z]-)(?<!nach )(?<!after )(?<!post )(?<!pre )",
    "<helped>": r"imaged|injected|positioned|assisted|attended|protocoll?ed|cannulated|supervised|seen",
    "<end of word>": r"(?![A-Za-z\d])",
    "<part ends>": r"(?=\W*$|\s?[,;:|)\]_\"]|\s[-\u2013/*>]|\.\s)",
    "<part begins>": r"(?:(?<=^)|(?<=[^\w\s])|(?<=[^\w\s]\s)|(?<=_))",
    "<view>": r"(?:<modality>|<side of>|LAT|OBL|MLO)(?![A-Za-z])",
    "<machine folder>": r"(?:home|users?|data|mnt|media|var|srv|nfs|nas|export|scratch|te?mp|opt|volumes?|archive|storage|"
    r"shares?|shared|net|work|projects?|root|usr|private|raid\d?|disk\d?|backup|incoming|documents)",
    "<modality>": r"(?:CTA?|MRA?|MRI|US|PET|NM|XR|DR|CR|DX|RF|BP|AP|PA|IV|AI|CAD|LT|RT|ENT|GP|ED|ER|ICU|ECG|EKG|VU|HU|SUV|DSA|"
    r"MIP|MPR|OR|OP|PO|NG|ET)",
    "<tens>": r"hundred|oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|"
    r"forty|fifty|sixty|seventy|eighty|ninety",
    "<houses>": r"n[\u00b0\u00ba]|nro|hausnr|house no|blk|bl\.|kv\.|cad\.?|sok\.?|apt|apto|appt|zi|rm|daire|kat|bau",
    "<years>": r"ar|arig|ars|vuotta|vuotias|eves|let|lety|leta|roku|rokov|ani|gadi|metu|aastat|god|godina|yas|yasinda|tuoi|"
    r"tahun",
    "<not measured>": r"(?![a-z\d]|[.,]\d|\s?(?:[%\u00b0]|mm|cm|ml|hz|hu|ms|kv|ma|deg|bpm|s(?![a-z])))",
    # Ages in prose. A span of time is none: every 2 years, 3 years ago, 5 yrs post op.
    "<no span before>": r"(?<!every )(?<!each )(?<!since )(?<!within )(?<!after )(?<!past )(?<!last )(?<!for )(?<!over )(?<!in )"
    r"(?<!next )(?<!previous )(?<!x )(?<!pack )(?<!at )(?<!up )(?<!age )(?<!seit )(?<!vor )(?<!alle )(?<!depuis )(?<!y a )"
    r"(?<!desde )(?<!hace )(?<!ogni )(?<!da )(?<!od )(?<!co )(?<!ha )(?<!om )(?<!hvert )",
    "<no span>": r"(?![ -](?:ago|post|after|later|prior|before|since|follow|history|hx|earlier|"
    r"interval|status|stable|fu|f/u|of (?!age)|"
    r"fa|atras|geleden|temu|siden|sedan|sitten|zuvor|spater|nach|plus tard)(?![a-z]))",
    "<not turned>": r"(?<!head )(?<!arm )(?<!leg )(?<!foot )(?<!tube )(?<!knee )(?<!table )(?<!gantry )",
    "<not bone>": r"(?<!gestational )(?<!bone )(?<!fetal )(?<!skeletal )(?<!menstrual )(?<!ga )(?<!sonographic )(?<!ovulatory )",
    "<aged>": r"(?:aged?(?: of| is)?|edad(?: de)?|alter(?: von)?|agee? de|idade(?: de)?|alderen?|leeftijd|eta|wiek(?:u)?|vek|ika|"
    r"yasi|kor|aetas)",
    "<age>": r"(?:[1-9]|[1-9]\d|1[01]\d)(?!\d|[.,]\d)",
    "<age end>": r"(?=\s?(?:$|[,;.|)\]}\"'>+*_!?/^-]))",
    "<said>": r"(?= (?:last|this|next|today|yesterday|tomorrow|now|recently|soon|ago|years?|in|on|"
    r"[a-z]+ week|[a-z]+ month|jahre|ans|anni|"
    r"anos|jaar|ar|lat|let)(?![a-z]))",
    "<turned>": r"(?:turned|turning|turns|reached|celebrated|wird|wurde|geworden|wordt|werd|cumplio|cumple|cumplira|completou|"
    r"fez|"
    r"compie|compira|compiuto|fylte|fyller|fyllt|fyllde|fylder|fyldte|tayttaa|taytti|skonczyl|skonczyla|ukonczyl|"
    r"ukonczyla|konczy|oslavil|oslavila|betoltotte|doldurdu|fete|feiert|feierte|atteint|atteste|kohta sai)",
    "<somebody>": r"(?:she|he|patient|patientin|pt|mother|father|lady|gentleman|woman|man|who|sie|er|elle|il|ella|lei|lui|zij|"
    r"hij|hon|han|hun|ona|on|pacjentka|pacjent)",
    "<no turn>": r"(?! (?:degree|to|up|down|left|right|by|x))",
    "<decades>": r"(?:sexa|septua|octo|octua|nona|otta|settua|ottua)gen[ae]?r|(?:septua|octo|octua|nona)gen(?:air|ari)|centenari|"
    r"centenary|centenair",
    "<birthday>": r"birthday|geburtstag|lebensjahr|anniversaire|printemps|cumpleanos|aniversario|compleanno|verjaardag|"
    r"levensjaar|fodselsdag|bursdag|fodelsedag|urodziny|narozeniny|syntymapaiva|szuletesnap|dogum gunu|rok zycia|summers|lentes|"
    r"primaveras|primavere",
    "<years old>": r"jahrig[a-z]*|jaehrig[a-z]*|jarige?|enne|aring[a-z]*|letni[a-z]*|letniej|leta|letni|rocn[a-z]+|vuotias|"
    r"vuotta|eves|evesen|yasinda|years? (?:young|of age)|yrs? of age|metu|aastane|gadus",
    "<street name>": r"[a-z][a-z'.-]+(?: [a-z][a-z'.-]+)?",
    "<states>": r"a[klrz]|c[aot]|d[ce]|fl|g[au]|hi|i[adln]|k[sy]|la|m[adehinopst]|n[cdehjmvy]|o[hkr]|p[ar]|ri|s[cd]|t[nx]|ut|"
    r"v[ait]|w[aivy]|b[wy]|sn|hh|hb|nw|rp|sl|st|sh|th|be|he|ni|on|qc|bc|ab|mb|sk|ns|nb|nl|pe|yt|nt|nu",
    # paths of files and addresses of machines: dicom://foo:11112, //nas/foo/bar, C:/Users/foo, /home/foo
    "<place of a machine>": r"(?:https?|ftp|file):|(?<![a-z\d])[a-z][a-z\d+.-]{1,11}://|<free>//[a-z\d][a-z\d.-]{2,}/|"
    r"<free>[a-z]:[/\\](?=[^\s/\\]{2})|<free>~?/<machine folder>/|<free>~?/(?=[\d.-]*[a-z])[\w.-]{3,}/[\w.-]+/(?=[^\s/])|"
    r"<free>~/(?=[a-z])",
    "<free>": r"(?<![^\s_\"'(\[<=,;|>*])",
    "<other script>": r"[\u0530-\u10ff\u1200-\u137f\u1780-\u17ff]",
    "<body part>": r"(?:FT|HP|KN|SH|EL|WR|AN|HH|FA|TF|FX|MG|BR|AC|SC|NV|UL|TH|FB|"
    r"LG|TMJ|SCJ|CXR|HND|MCP|CMC|DVT|FNG|SFJ|SPJ|PFJ|WO|WC|WI|NC|SP|NB|TV|TA)",
    "<plates>": r"(?:licen[cs]e |number|car )?plates?|registration|reg|kennzeichen|kfz(?:-kennzeichen)?|immat\w{0,12}|targa|"
    r"matr[i\u00ed]cula|placa|kenteken|rekisteri\w{0,8}|nummerskylt|nummerplade|rejestracja|spz|rendsz[a\u00e1]m|plaka",
    # prose in capitals: REVIEWED ON A WORKSTATION
    "<in capitals>": r"(?:ON|IN|AT|AS|TO|OF|FOR|AND|THE|VIA|WAS|IS|OR|NOT|AN|A|IF|UP|ALL)",
    "<of a plate>": r"(?!<means>[ -])[A-Z]{1,3}",
    "<plain letters>": r"(?:<modality>|<side of>|GE|SE|FS|TE|TR|TI|FA|PD|FL|GR|EP|DW|ST|NB|T|C|L|S|B|R|A|P|H|V|X|F|Y)",
    "<years behind>": r"(?:[ -](?:years?|yrs|jahre|ans|anos|anni|jaar|lat)(?![a-z]))?",
    # from the 3rd to the 5th of a month, and hours as they are told
    "<first of two>": r"(?:st|nd|rd|th|er|\.)?\s?(?:au|al|to|bis|do|a|til|till|und|et|y|e|and|&|/|-|\u2013|,)\s?",
    "<hour>": "kl|klo|klokka|klockan|klokken|godz|saat|ora|ore|heure|hora",
    # type 3 may represent; 2:00 position of a breast
    "<may do>": r"may (?:represent|be|also|have|reflect|indicate|suggest|relate|require|need|correspond|benefit|cause|explain|"
    r"not|mimic|account|show|contain|still|well|help|in|result|simply|just|only|indeed|potentially|possibly)(?![a-z])",
    "<clock end>": r"(?![\d:]|\s?(?:position|axis|radian|radial|o.?clock))(?:\s?[ap]\.?m\.?(?![a-z]))?",
    "<through>": r"[Bb]y|BY|[Pp]er|[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Aa]v|[Aa]f|[Dd]urch|przez",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule: ``rule`` names it, ``score`` is how sure it is.

    ``slips``: looked for in the text read through OCR slips of digits, too. ``cased``: looked for in the text as it stands,
    else in folded text (lower case, no accents).
    """

    rule: str
    score: float
    expression: re.Pattern[str]
    slips: bool = False
    cased: bool = False


def build(rule: str, score: float, forms: str, *, slips: bool = False, cased: bool = False) -> Pattern:
    """Build a rule from its forms, one a line; ``<parts>`` stand for expressions."""
    for part, expression in (*PARTS.items(), *PARTS.items()):  # a part may hold others
        forms = forms.replace(part, expression)
    lines = [line.strip() for line in forms.strip().splitlines()]
    return Pattern(rule, score, re.compile("|".join(f"(?:{line})" for line in lines)), slips, cased)
