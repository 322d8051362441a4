"""Words that no list holds and a language makes of listed ones: bent, joined, or put together of Greek and Latin parts.

What stands among long names (``models/ordinary``) is never made; nor is what ends as family names of Cyrillic letters do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from gateway.judge.ordinary import Ordinary

_PART, _PARTS = 4, 4  # letters of each part of a compound (of an everyday one, one more), and how many there are
_ALIKE, _ENDING = 6, 3  # letters that bent words share, and the most that languages hang behind them
_LONG_ALIKE, _STEP = 9, 3  # words that share so many may have an ending one letter longer for every further three
_LINKS = ("", "s", "n", "en", "es", "e", "er", "o")  # what German, Dutch and Scandinavian compounds are joined by
_LAST = 7  # letters before a part of family names that may end a compound (Harnleiterstein), and of a bent last part
_CYRILLIC_NAME = re.compile(
    r"[\u0430-\u044f]+(?:[\u043e\u0435]\u0432\u0430?|[\u0438\u044b]\u043d\u0430?|\u0441\u043a\u0438\u0438|\u0435\u043d\u043a\u043e|\u0443\u043a|[\u0430\u044f]\u043d|\u0438\u0447)"
)
# What medicine makes words of, as the languages of Europe spell it: organs, tissues, substances ...
_ROOTS = re.compile(
    r"(?:a?(?:dermat|dermi|kerat)|aden|adren|angi|aort|arteri|arthr|artr|ather|aterom|ateros|audi[ok]|bronch|bronk|bronh|bronqui|burs[io]|burz|"
    r"carcin|karcin|karzin|cardi|kardi|cerebr|zerebr|cerebel|cefal|cephal|kefal|cholang|colang|cholec|colec|kolec|cholez|kolang|"
    r"chondr|condr|kondr|colon|kolon|colos|kolos|colpo|kolpo|cyst|cist|zyst|kyst|kist|cyto|cito|defeco|defaek|defak|diverti[ck]|"
    r"discop|diskop|duoden|ekto|embol|encefal|encephal|enkefal|enzephal|endocr|endokr|endosc|endosk|endom|enter|epidid|esofag|"
    r"oesophag|osophag|ezofag|fibr|fleb|phleb|gangl|gastr|ginec|gynec|gynak|glio|haemat|h[ae]?emorrh|hamorrh|haemor|hamat|hemat|"
    r"hemor|hemop|hepat|hydro|hidro|hidr|hyster|hister|hypophys|hipofi[zs]|kinesi|lapar|laring|laryng|leuk|leuc|lip[oa]|linfo|limfo|lymph|"
    r"lymf|lithot|litot|mamm|masto|mast[ie]|mediast|melan|mening|metasta|mikroang|microang|myel|miel|myo[cmkp]|mio[cmkp]|"
    r"nephr|nefr|neur[ao]|oftalm|ophthalm|onkol|oncol|orthop|ortop|oste[oi]|oto[sr]|ovari|pankre|pancre|papil|parat|"
    r"parot|perit|pericar|perikar|pharyng|faring|pleur|pneum|polyp|polip|prostat|proct|prokt|pulmo|pyel|piel|radi[ck]ul|radiol|"
    r"radiogr|rhino|rinos|sa[ck]roil|salping|sarkom|sarcom|scint|szint|scyn|skint|sialo|silik|silic|sinus|s[ck]oli|"
    r"s[kc]ler|spermat|splen|spondyl|spondil|steat|sten[oi]|synov|sinov|tend[io]|tendin|teno[sv]|thora[ck]|tora[ck]|thromb|"
    r"tromb|thyr[eo]|tireo|tyreo|tiroid|thym|tomogr|trache|trakeo|tuberk|tuberc|ur[eo]t|urete|urethr|uretr|urog|urol|"
    r"ultraso|ultraz|uter|vas[ck]ul|vaz[ck]ul|vertebr|ventri[ck]ul)"
)
# ... what became of them: cut, looked into, recorded, fallen ill ...
_BECAME = re.compile(
    r"(?:ektom|ectom|s[ck]op|gra[fp]h?|gr[ao]mm?|tom|stom|plast|pat|path|metr|log|ly[sz]|li[sz]|rag|rrag|rhag|rrhag|pleg|pares|alg|urie|"
    r"sten[oe][sz]|ekta[sz]|ecta[sz]|pto[sz]|poro[sz]|[ck]el|de[sz]|mala[ckz]|tro[fp]h?|pla[sz]|gen(?:e[sz]|i[ck]|isch|ital)|"
    r"psyc?ho|fi[zs][iyj]olog|physiolog|ch?irurg|[ck]o[ck]+|the?rap|megal|lit(?:h|ij|ia)|toks|tox|emi|aemi|insuf+i[ck]i|pati|disfun[ck]|dysfun[ck])(?:h?(?:i[ck]|isch|i?czn)\w{0,5}|\w{0,5})"
)
# ... and the endings of those languages, behind letters that medicine puts before them (fibrotisch, neuronal, tuberkulinowy).
_BENT_ROOT = re.compile(
    r"\w?(?!oni[ck][^hz])(?:[aeioy]?t|one?|[iu]n|[aeiy]d|ul|ym|or|st){0,2}"
    r"(?:i(?:i?t(?:is|e|es|i|t|in|ti|is[nt]|id\w{0,4})|c[aoi]s?|ques?|ck\w{1,3}|cn\w{1,3}|sch\w{0,2}|k\w{1,3}|sk[aet]?|nen|sen|set)"
    r"|[iy]czn\w{1,3}|o(?:os[in]|s[ei]?[ns]?|sis|z[aeyiu]?|zei|zis\w{0,3})|om(?:[aeiuy]\w{0,4}|en|er)?"
    r"|a(?:l|le|ls|len|ler|les|is|ln\w{1,3}|lis\w{0,3}|r|re|ren|res|rn\w{1,3}))"
)
_SURE, _SURELY = 12, 17  # letters of a made word that is no family name: of small ones or by its ending, and else
_GAP = 3  # letters between a part and the next
# What family names of Europe end in: a word that ends so is one, unless lists hold all that it is made of ...
_FAMILY_NAME = re.compile(
    r"(?:poul(?:os|ou)|akis|akos|akou|iadis|iadou|(?<!it)(?<!ym)(?<!oe)idis|oglo?u|menos|dimos|giannis?|doulos|"  # Greece
    r"(?:[oe][wv]|[iy]n|[aeo]n|[aeo]l)sk(?:i|y|a)|enko|[cs]h?[zc]uk|czyk|(?:[oeai]v|[oe]w)ic[hzi]?|"  # of Slavs
    r"steiner|hof+n?er|hoefer|huber|m[ae][iy]e?r|bauer|dorf|dorfer|stetter|sta?e?dter|pflug|vater|berger|burger|bacher|brunner|"
    r"hausen|hauser|heimer|mann|mu?e?ller|schmidt?|schneider|wirth|meister|re[iu]ter|gra?u?ber|egger|acker|schroe?d?er|k(?:oe?tt|amp)er|"
    r"kamp|horst|holze?r?|walde?r?|baumer|beck|brecht|hardt|moser|le[ch]h?ner|vogel|vogt|schul(?:z|te|tz)|scholz|weber|becker|keller|"
    r"kaiser|kramer|kruger|wagner|schuster|schae?fer|ritter|winkler|ziegler|witz|"  # German
    r"hoven|dijk|meijer|broek|bakker|visser|q[uv]ist|kvist|dahl|[nrk]sson|dott[ei]r|niemi|koski|"  # of the North
    r"escu|eanu|falvi|shvili|[ai]dze|[^sp]yan|auskas|auskaite|auskiene|vicius|mendi|etxea)$"  # and others
)
# What long words end in that nobody is called by: illness, surgery, pictures ...
_NO_NAME = re.compile(
    r".*(?:iti[sd]|ti[td]e|e[ck]tom|s[ck]op[ií]|gra(?:ph|f)[iy]|pat(?:h[iy]|ia|ie)|logi[eak]|the?rap|plasti[ck]?|prot(?:h?es|ez)|fra[ck]tu|ruptu|"
    r"tumou?r|ode?m|edem|erguss|infar[ck]|abs[zc]es|herni[ea]|[zc]yst|[ck]arci?[nz]|karzin|sar[ck]om|adenom|lymf?p?h?om|hamatom|melanom|lipom|"
    r"fibrom|angiom|myom|aneurysm|(?:ne[ck]r|arth?r|s[ck]ler|fibr|[zc]irr?h?|thromb|tromb|skoli|lord|k[yi][pf]h?|sten|steat|mat|cyt|zyt)o[sz]|"
    r"embol|insuf+i[zc]ien|l[ae]sion|metasta|syndrom|defe[ck]t|implantat|[ck]athe?ter|drainage|rese[ck][tc]|biops|pun[ck][tc]i|kontroll|"
    r"entzund|diagnosti|aufnahme|spiegelung|ungen|[lkgtdzsn]ung|heit|keit|[tsx]ion|trophi|megali|trauma|verlet|punkt)\w{0,4}"
)
# ... and what those end in, too, that are put together like words of Greek and Latin parts.
_ROOTED_NAME = re.compile(
    r"(?:(?<!cereb)ell[io]|ett[io]|ucc[io]|acc[io]|otti|aki|(?<!o)(?<!it)(?<!ym)ides|opoul\w*|wicz\w*|ewa|ov[ay]?|ko|[^dfglmprtx]ick[aiy])$"
)


@dataclass(frozen=True)
class Maker:
    """What words are made of, all folded: ``known`` ones may be parts of others, ``sure`` ones are no names and may be bent."""

    known: frozenset[str]
    sure: frozenset[str]
    barred: frozenset[str]  # words that are names: no part of any word
    name_parts: frozenset[str]  # what family names end in: last part of a long compound only
    prefixes: frozenset[str]
    plain: Ordinary

    def makes(self, folded: str) -> bool:
        """Whether a folded word of seven letters and more is made of clinical ones, and no name."""
        if len(folded) <= _ALIKE or folded in self.plain.names:
            return False
        if _FAMILY_NAME.search(folded):
            return folded.isascii() and self._listed(folded)
        return self._bent(folded) or self._of_roots(folded) or (folded.isascii() and self._compound(folded))

    def firm(self, folded: str, *, small: bool) -> bool:
        """Whether a made word is no family name for sure, by its length, its letters (``small``), or what it ends in."""
        return len(folded) >= (_SURE if small or _NO_NAME.fullmatch(folded) else _SURELY)

    def _bent(self, folded: str) -> bool:
        """Whether a folded word differs from a sure one in its last letters only, or has a prefix of medicine before one.

        As languages bend words (pleurici, hipodensa, degenerativer); what is alike has six letters and more.
        """
        if _CYRILLIC_NAME.fullmatch(folded):
            return False
        if any(folded[:end] in self._starts for end in _ends(folded)):
            return True
        bases = (
            folded[cut:] for cut in range(2, 9) if folded[:cut] in self.prefixes and len(folded) - cut >= _ALIKE - 1
        )
        return any(base in self.plain.words or self._bent(base) for base in bases)

    @cached_property
    def _starts(self) -> frozenset[str]:
        """The sure words, whole and less their last letters."""
        return frozenset(word[:end] for word in self.sure for end in _ends(word))

    def _compound(self, folded: str, parts: int = _PARTS) -> bool:
        """Whether a folded word is a clinical word joined to clinical or everyday ones; no part is one of family names."""
        return any(
            self._rest(folded, cut, parts - 1, technical=folded[:cut] in self.known)
            for cut in range(_PART, len(folded) - _PART + 1)
            if self._part(folded[:cut])
        ) or any(
            folded[:cut] in self.plain.seldom and self._part(folded[:cut], seldom=True) and folded[cut:] in self.known
            for cut in range(_PART + 1, len(folded) - _LAST + 2)
        )

    def _rest(self, folded: str, cut: int, parts: int, *, technical: bool) -> bool:
        """Whether what stands behind ``cut`` is a part or a compound, behind the letters that join it."""
        far = technical and cut >= _LAST
        for end in {folded[cut + len(link) :] for link in _LINKS if folded.startswith(link, cut)}:
            if self._part(end, seldom=far) and self._weighs(folded[:cut], end):
                return True
            if (far and end in self.name_parts) or (technical and len(end) >= _LAST and self._bent(end)):
                return True
            if parts > 1 and technical and self._compound(end, parts):
                return True
        return False

    def _weighs(self, part: str, end: str) -> bool:
        """Whether both parts are clinical, or one is that is long enough, or has a long word behind it (not Desis-lava)."""
        clinical = (part in self.known, end in self.known)
        if all(clinical):
            return True
        return (clinical[0] and (len(part) > _PART or len(end) >= _LAST)) or (clinical[1] and len(end) > _PART)

    def _of_roots(self, folded: str, at: int = 0) -> bool:
        """Whether a word begins with what medicine makes words of and ends as those words do in the languages of Europe.

        Between the two stand a few letters, other such parts (cholecystoduodenostomia), or a clinical word ends it
        (cerebrospinalny): Mastoropoulos has more.
        """
        root = _ROOTS.match(folded, at)
        if root is None or (not at and _ROOTED_NAME.search(folded)):
            return False
        end = root.end()
        return (
            _become(folded, end)
            or any(self._of_roots(folded, begin) for begin in range(end - 1, end + _GAP + 1))
            or any(len(folded) - begin >= _LAST and self._bent(folded[begin:]) for begin in (end, end + 1))
        )

    def _listed(self, folded: str) -> bool:
        """Whether a folded word is two clinical words, joined, and the second one is no family name by itself."""
        return any(
            folded[:cut] in self.known and end in self.known and self._part(end) and not _FAMILY_NAME.fullmatch(end)
            for cut in range(_PART, len(folded) - _PART + 1)
            for end in {folded[cut + len(link) :] for link in _LINKS if folded.startswith(link, cut)}
        )

    def _part(self, part: str, *, seldom: bool = False) -> bool:
        if len(part) < _PART or part in self.barred or part in self.name_parts:
            return False
        everyday = part in self.plain.words or (seldom and part in self.plain.seldom)
        return part in self.known or (len(part) > _PART and everyday)


def _ends(word: str) -> range:
    """Where the ending of a word may begin: three letters from its end, in long words more (keuhkovaltimo-iden)."""
    longest = _ENDING + max(0, len(word) - _LONG_ALIKE) // _STEP
    return range(min(max(len(word) - _ENDING, _ALIKE), max(len(word) - longest, _LONG_ALIKE)), len(word) + 1)


def _become(folded: str, end: int) -> bool:
    """Whether one of those endings begins at most a few letters behind the part of medicine that ends at ``end``."""
    return any(
        _BECAME.fullmatch(folded, begin) for begin in range(max(end - _GAP, 1), min(end + _GAP, len(folded) - 2) + 1)
    ) or any(_BENT_ROOT.fullmatch(folded, begin) for begin in range(end - 2, end + 1))
