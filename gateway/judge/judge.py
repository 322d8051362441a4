"""One judge for all text: lines read from pixels and free text of headers.

In order: (a) the study's own values, (b) identifying forms, institution words, labels of persons, (c) names by context, (d) the
technical vocabulary. What none of them knows is unsure, and unsure is masked or removed (PS3.15 E.3.5 names keeping a safe subset
as a way to clean descriptors). Every verdict carries its rules and scores, never the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from gateway.judge import aside, called, counted, keeping, known, misread, numbers, patterns, prose, streets, technical
from gateway.judge.firm import FIRM, is_firm
from gateway.judge.names import NameReader
from gateway.judge.patterns import Hit
from gateway.judge.text import lettered
from gateway.judge.tidy import rebuild
from gateway.judge.variants import Matcher
from gateway.judge.vocabulary import Vocabulary
from gateway.records import Identifiers, Reason, Verdict
from gateway.resources import folder

# Calliper crosses, arrows and body marks as text readers spell them, one or two of them alone.
_MARKS = "+#\u00d7↑↓←→▲▼△▽◄►●○◆◇■□十✕✚"
_MARKERS = frozenset(left + right for right in ("", *_MARKS) for left in _MARKS)

_SPOKEN = (technical.Kind.WORD, technical.Kind.ORDINARY, technical.Kind.CLINICAL)
_NAMELIKE = (technical.Kind.UNKNOWN, technical.Kind.LABEL, technical.Kind.AMBIGUOUS)
_SURE = 10  # letters of a clinical word that stands in no name: ESPESSAMENTO
_INITIALS = 2  # letters of initials that are abbreviations, too

_MISREAD = Reason("date.month_name", 0.6)
_NOT_LISTED = Reason("unsure.not_listed", 0.5)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge thinks of a text, and the rules that said so (surest first).

    ``part`` is the place ``text[start:end]`` that has to go where the rest is firmly technical; None: all of it.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = field(default=())
    part: tuple[int, int] | None = None


class TextJudge:
    """Judges a line as a whole, or cleans a free text word by word. Same text and identifiers, same answer."""

    def __init__(self, vocabulary: Vocabulary, names: NameReader) -> None:
        self._vocabulary = vocabulary
        self._names = names
        self._matcher = lru_cache(maxsize=16)(lambda identifiers: Matcher(identifiers, vocabulary.common))
        self._tokens = lru_cache(maxsize=16384)(lambda text: technical.tokens(text, vocabulary))
        self._prose = lru_cache(maxsize=16384)(lambda text: technical.tokens(text, vocabulary, prose=True))
        self._hits = lru_cache(maxsize=16384)(lambda text: self._form_hits(text, self._tokens(text)))
        self._prose_hits = lru_cache(maxsize=16384)(lambda text: self._form_hits(text, self._prose(text)))

    @classmethod
    def load(cls, vocabulary: Path | None = None) -> TextJudge:
        """Load the word lists and the name recogniser; offline, in under a second.

        Raises:
            ModelError: a list or the recogniser is missing or not the one that the manifest names.
        """
        return cls(Vocabulary.load(vocabulary or folder("profiles") / "vocabulary"), NameReader.load())

    def judge(self, text: str, identifiers: Identifiers) -> Judgement:
        """Judge one line or phrase as a whole: PHI, unsure (treated alike) or technical."""
        if text.strip() in _MARKERS:
            return Judgement(Verdict.TECHNICAL, (Reason("technical.marker", 0.8),))
        if not any(char.isalnum() for char in text):
            return Judgement(Verdict.UNSURE, (Reason("unsure.unread", 0.5),))
        text = text.replace("$", "S")  # no console speaks of dollars
        found = (*self._matcher(identifiers).spans(text), *counted.spare(text, self._hits(text)), *self._slipped(text))
        # A console prints readings without labels and units (78DR78, 110/112): there a number alone is nobody's.
        if hits := tuple(hit for hit in found if hit.reason not in numbers.REASONS):
            part = aside.part(text, hits, self._tokens(text), self._is_firm, self._names.spans, self._vocabulary.called)
            return Judgement(Verdict.PHI, _reasons(hits), part)
        tokens = self._tokens(text)
        doubts = technical.doubts(text, tokens)
        doubtful = any(token.doubtful for token in tokens)
        if doubtful and (named := self._named(text)):
            return Judgement(Verdict.PHI, _reasons(named))
        if doubts:
            return Judgement(Verdict.UNSURE, doubts)
        score = 0.9 if doubtful else 1.0
        firm = (Reason(FIRM, score),) if is_firm(text, tokens, self._vocabulary) else ()
        return Judgement(Verdict.TECHNICAL, (Reason("technical.vocabulary", score), *firm))

    def _is_firm(self, text: str) -> bool:
        tokens = self._tokens(text)
        return not technical.doubts(text, tokens) and is_firm(text, tokens, self._vocabulary)

    def clean(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[Reason, ...]]:
        """Keep the technical words and numbers of a free text; return it tidied, with the rules that removed words."""
        tokens, kept, reasons = self._kept(text, identifiers)
        if all(kept):
            return text.strip(), ()
        return rebuild(text, tokens, kept), _sorted(reasons)

    def keep_known(self, text: str, identifiers: Identifiers) -> tuple[str, tuple[Reason, ...]]:
        """Keep of a cleaned text only what stands in the lists: their words, and numbers with a unit or tied to one of them."""
        tokens, kept, reasons = self._kept(text, identifiers)
        listed = known.keep(tokens, kept, text, self._vocabulary)
        plain = known.plain(text, tokens)
        if plain == text and all(listed):
            return text.strip(), ()
        return rebuild(plain, tokens, listed), _sorted({*reasons, _NOT_LISTED})

    def removed(self, text: str, identifiers: Identifiers) -> tuple[tuple[int, int], ...]:
        """The places ``text[start:end]`` of the words that ``clean`` takes out of a text."""
        tokens, kept, _ = self._kept(text, identifiers)
        return tuple((token.start, token.end) for token, stays in zip(tokens, kept, strict=True) if not stays)

    def _kept(
        self, text: str, identifiers: Identifiers
    ) -> tuple[tuple[technical.Token, ...], tuple[bool, ...], set[Reason]]:
        found = (*self._matcher(identifiers).spans(text), *self._prose_hits(text))
        tokens = self._prose(text)
        # what a form takes in is a name unless it is firmly technical: "Mrs Oakes LEFT CC"
        forms = tuple(hit for hit in found if hit.reason.rule != patterns.SECOND)
        hits = (*forms, *prose.find(text, tokens, forms), *called.find(text, tokens, self._vocabulary))
        second = tuple(hit for hit in found if hit.reason.rule == patterns.SECOND)
        named = (*second, *self._named(text, prose=True))
        kept, doubts = keeping.keep(text, tokens, hits, named)
        return tokens, kept, {*(hit.reason for hit in (*hits, *named)), *doubts}

    def _named(self, text: str, *, prose: bool = False) -> tuple[Hit, ...]:
        """What the recogniser marks, unless every word of it is firmly technical (the lists are checked by hand, it is not).

        An everyday word with a capital letter may be a name; two in a row, neither of which anybody is called by, are prose.
        In ``prose`` that knows capital letters, a known word in small ones is none.
        """
        tokens = self._prose(text) if prose else self._tokens(text)
        sentence = any(token.kind in (technical.Kind.GLUE, technical.Kind.JOINS) for token in tokens)
        capital = [
            token.kind is technical.Kind.ORDINARY and (token.text.istitle() or (token.text.isupper() and not sentence))
            for token in tokens
        ]
        rows = zip((False, *capital), capital, (*capital[1:], False), strict=False)
        lone = [this and not left and not right for left, this, right in rows]
        known = (technical.Kind.AMBIGUOUS, technical.Kind.SELDOM) if prose and text != text.lower() else ()
        claimed = bytearray(len(text))  # the places that it may claim
        for token, alone in zip(tokens, lone, strict=True):
            if alone or (token.doubtful and not (token.kind in known and token.text.islower())):
                claimed[token.start : token.end] = b"\1" * (token.end - token.start)
        if not any(claimed):
            return ()
        hits = tuple(hit for hit in self._names.spans(text) if any(claimed[hit.start : hit.end]))
        return tuple(_in_prose(hits, tokens)) if prose else hits

    def _slipped(self, text: str) -> tuple[Hit, ...]:
        """Labels of persons in a line that recognition read with figures for letters (``0p: SW``), and misread dates."""
        read = lettered(text)
        labels = () if read == text else (hit for hit in self._hits(read) if hit.reason.rule.startswith("person."))
        return (*labels, *(Hit(*place, _MISREAD) for place in misread.dates(text)))

    def _form_hits(self, text: str, tokens: Sequence[technical.Token]) -> tuple[Hit, ...]:
        """Identifying forms, institution words and labels of persons: what does not depend on the study."""
        return (
            *patterns.find(text),
            *numbers.find(text, tokens, self._vocabulary),
            *streets.find(text, tokens),
            *technical.people_and_places(text, self._vocabulary),
        )


def _in_prose(hits: Sequence[Hit], tokens: Sequence[technical.Token]) -> Iterator[Hit]:
    """Of what the recogniser marks in prose, what no rule knows better.

    Dates and lone initials are found by where they stand (3 may represent a cyst; consultant ED), a known word in small letters
    before a name is no part of it (fiancee Foo), and known words around a long clinical one are its phrase.
    """
    for hit in hits:
        inside = [token for token in tokens if token.start < hit.end and hit.start < token.end]
        while len(inside) > 1 and inside[0].kind in _SPOKEN and inside[0].text.islower() and inside[-1].text.istitle():
            inside.pop(0)
        initials = len(inside) == 1 and len(inside[0].text) <= _INITIALS and inside[0].text.isupper()
        phrase = any(
            token.kind is technical.Kind.CLINICAL and len(token.text) >= _SURE for token in inside
        ) and not any(token.kind in _NAMELIKE for token in inside)
        if inside and not initials and not phrase and hit.reason.rule != "ner.date":
            yield replace(hit, start=max(hit.start, inside[0].start))


def _reasons(hits: tuple[Hit, ...]) -> tuple[Reason, ...]:
    return _sorted({hit.reason for hit in hits})


def _sorted(reasons: set[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda reason: (-reason.score, reason.rule)))
