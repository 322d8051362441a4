"""Known words where somebody signs, is asked or is told: ``gez. Stone``, ``refertato da Prado``, ``cc: Weeks``, ``Steel MD``.

In some twenty languages. Behind the sure signs any word with one capital letter is a name; behind the others an everyday word, or
a technical one that is a family or given name too.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from gateway.judge.parts import PATIENTS
from gateway.judge.patterns import Hit
from gateway.judge.technical import Kind, Token
from gateway.judge.text import fold
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Reason

_SIGNED = Reason("person.signed", 0.7)
# What is done to a report, and who did it behind it: verbs of one language, and its word for "by".
_DONE = (
    (
        r"(?:report|dictat|review|sign|countersign|typ|transcrib|verifi|approv|scann|perform|request|order|referr|authori[sz]|interpret|"
        r"check|enter|acquir|validat|suggest|advis|discuss|confirm)e?d (?:by|with)|(?:read|done|seen|written) by"
    ),
    (
        r"(?:gelesen|befundet|diktiert|untersucht|unterschrieben|geschrieben|freigegeben|angefordert|\u00fcberwiesen|validiert) "
        r"(?:von|durch)"
    ),
    (
        r"(?:dict\u00e9|lu|interpr\u00e9t\u00e9|r\u00e9dig\u00e9|sign\u00e9|valid\u00e9|r\u00e9alis\u00e9|demand\u00e9|adress\u00e9|"
        r"prescrit)e? par"
    ),
    r"(?:informad|firmad|le[i\u00ed]d|dictad|realizad|solicitad|validad|revisad|laudad|assinad|ditad|pedid)[oa] por",
    r"(?:refertat|firmat|eseguit|lett|dettat|richiest|inviat|validat)[oa] da",
    r"(?:gelezen|beoordeeld|verslagen|gedicteerd|aangevraagd|uitgevoerd|verwezen) door",
    (
        r"(?:beskrevet|beskrevne|underskrevet|henvist|udf\u00f8rt|utf\u00f8rt|tolket|granska[dt]|dikterad|signera[dt]|remitterad|"
        r"utf\u00f6r[dt]) a[fv]"
    ),
    r"opisan[ey] przez|(?:opisa\u0142|wykona\u0142|skierowa\u0142|zleci\u0142|popsal|hodnotil|odeslal)a?",
    r"lausunut|lausui|sanellut|leletezte|le\u00edrta|raporlayan|okuyan|isteyen|verslag(?:gever)?|firmado|firmato|assinado",
)
_SURE = (
    r"gez\.|unterz\.|i\. ?[av]\.|p\. ?p\.|z\. ?hd[ns]?\.|attn:?|asst\.?|fam\.|familie|famiglia|familia|famille|fr[\u00e4a]ulein",
    r"mtra|mtar|schwester|pfleger|siostra|sestra|b/o|s/o|d/o|lek\.|lek\. med\.|mudr\.?|dres\.|stud\. ?med\.",
    r"(?:twin|zwilling|g[e\u00e9]m[ei]\w{2,4}) [a-d12] (?:of|von|de|di)",
    r"(?:baby|son|daughter|child|mother|father|wife|husband|infant) of",
    r"(?:mother|father|son|daughter|brother|sister)s?[- ]in[- ]law",
    r"(?:step|god|foster|half)[- ](?:mother|father|son|daughter|sister|brother)",
)
_LIKELY = (
    r"cc:|c/o|d/w|s/b|att\.|per|via|p\. ?c\.|nurse|mother|father|wife|husband|from|by|with|on|to|ask|call|thanks|arzt:",
    r"laudo:|op:?|referrer:?",
)
_CUES = re.compile(
    rf"(?<![^\W_])(?:(?P<by>{'|'.join(_DONE)})|(?P<sure>{'|'.join(_SURE)})|(?P<likely>{'|'.join(_LIKELY)}))"
    r"[\s:_.]{1,2}(?=[^\W\d_])",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r",?[ _](?:M\.?D|Ph\.?D|FRC[RPS]\w?|FRCPath|PA-C|NP-C|FNP|APRN|CRNA|DNP|LPN|DPM|DMD|DDS|MBChB|RDMS|RDCS|MBBS|DABR|FACR|"
    r"sensei|bey|hanim)(?![A-Za-z])"
)
_JOINT = re.compile(r"[\s_^-]|,\s")
_STOP = re.compile(r"\.?[\s_]?")
_DEPARTMENT = re.compile(
    r"(?i).*(?:log(?:y|ie|ia|\u00eda|ist|ue|e|in|o)|staff|team|ist|service|dienst|er|or|and|phone)"
)  # by Radiology, by Phone
_ENGLISH = re.compile(r"\b(?:by|with)\W*$")
_NAMES = 3  # words of a name, seldom more
_LONG, _LONGER = 4, 5  # letters of a name in capitals; shorter ones are abbreviations (sent to PACS)
_EVERYDAY = frozenset({Kind.EPONYM, Kind.ORDINARY, Kind.SELDOM, Kind.AMBIGUOUS})


def find(text: str, found: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Hit]:
    """The known words that are names by what stands right before or behind them."""
    small = text.islower()
    starts = [token.start for token in found]
    for cue in _CUES.finditer(text):
        i = bisect_left(starts, cue.end())
        capitals = cue["likely"] and cue["likely"].isupper()  # a sentence in capitals: FALL FROM LADDER
        if i < len(found) and found[i].start == cue.end() and not (capitals and found[i].text.isupper()):
            yield from _behind(i, found, text, vocabulary, cue, small=small)
    for token in found:
        if (
            token.text.istitle()
            and token.text.isalpha()
            and token.kind is not Kind.GLUE
            and _DEGREES.match(text, token.end)
        ):
            yield Hit(token.start, token.end, _SIGNED)


def _behind(
    i: int, found: Sequence[Token], text: str, vocabulary: Vocabulary, cue: re.Match[str], *, small: bool
) -> Iterator[Hit]:
    """The words of the name that begins with token ``i`` behind a ``cue``.

    In a text of ``small`` letters small ones are names, too, unless the cue is English (by phone, by hand).
    """
    by = cue["by"] is not None
    sure = cue["sure"] is not None or (by and not _DEPARTMENT.fullmatch(found[i].text))
    small = (sure or by) and small and not _ENGLISH.search(cue[0])
    for j in range(i, min(i + _NAMES, len(found))):
        token, before = found[j], found[j - 1]
        if j > i and not (_STOP if len(before.text) == 1 else _JOINT).fullmatch(text, before.end, token.start):
            return
        if len(token.text) == 1 and token.text.isupper():
            continue  # an initial
        # what follows may be the next sentence: nurse Foo Field of view
        called = _called(token, vocabulary, clinical=sure or by, too=sure or by or not _goes_on(j, found, text))
        lower = small and token.text.isalpha() and token.kind in _EVERYDAY
        if not lower and not (
            _capital(token, _LONG if sure or by else _LONGER) and (called or (sure and j == i and token.text.istitle()))
        ):
            return
        yield Hit(token.start, token.end, _SIGNED)


def _goes_on(i: int, found: Sequence[Token], text: str) -> bool:
    """Whether a sentence goes on behind a word: field of view."""
    behind = found[i + 1] if i + 1 < len(found) else None
    return behind is not None and behind.text.islower() and text[found[i].end : behind.start] == " "


def _capital(token: Token, long: int) -> bool:
    return token.text.isalpha() and (token.text.istitle() or (token.text.isupper() and len(token.text) >= long))


def _called(token: Token, vocabulary: Vocabulary, *, clinical: bool, too: bool) -> bool:
    """Whether somebody may be called by a word; ``clinical`` and ``too``: a clinical word and one of both senses count."""
    word = fold(token.text)
    if word.startswith(PATIENTS):
        return False
    both = word in vocabulary.family_too.exact or word in vocabulary.given_too.exact
    return (
        token.kind is Kind.UNKNOWN
        or token.kind in _EVERYDAY
        or (too and both)
        or (clinical and token.kind is Kind.CLINICAL)
    )
