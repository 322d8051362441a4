"""Decodes text of any Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1) without losing a byte, wrongly declared text too.

What is declared counts, unless the bytes cannot be that and are UTF-8; what is nothing at all is read byte by byte as
Windows-1252, so that nothing is dropped or replaced. See docs/decisions/014-character-sets.md.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import cast

DEFAULT = "iso8859"  # nothing is declared: ASCII, and what people write instead
UTF8 = "UTF8"  # spelt as pydicom does, or it decodes and encodes everything again on writing
# Registration numbers of ISO-IR to Python's codecs.
_SETS = {
    "6": DEFAULT, "13": "shift_jis", "58": "gb2312", "87": "iso2022_jp", "100": "latin_1", "101": "iso8859_2",
    "109": "iso8859_3", "110": "iso8859_4", "126": "iso8859_7", "127": "iso8859_6", "138": "iso8859_8", "144": "iso8859_5",
    "148": "iso8859_9", "149": "euc_kr", "159": "iso2022_jp_2", "166": "iso8859_11", "192": UTF8, "203": "iso8859_15",
}  # fmt: skip
_NAMED = {"GB18030": "GB18030", "GBK": "GBK", "2022GBK": "GBK", "GB2312": "gb2312", "UTF8": UTF8, "LATIN1": "latin_1"}
_TERM = re.compile(r"(?:2022)?(?:IR)?(\d{1,3})")
_SINGLE = frozenset(_SETS.values()) - {"shift_jis", "gb2312", "euc_kr", "iso2022_jp", "iso2022_jp_2", UTF8} | {"ascii"}
_EXTENSIONS_ONLY = frozenset({"58", "87", "149", "159"})  # two bytes a character
_WHOLE = frozenset({UTF8, "GB18030", "GBK"})  # without code extensions
# Escape sequences (PS3.3 Tables C.12-3 and C.12-4; ISO 2022 has $@, $A and $(C): which half they set, and to what.
_ESCAPES = {
    b"(B": (0, "ascii"), b"(J": (0, "ascii"), b")I": (1, "shift_jis"), b"$B": (0, "jisx0208"), b"$(D": (0, "jisx0212"),
    b"$@": (0, "jisx0208"), b"$A": (0, "gb2312"), b"$(A": (0, "gb2312"), b"$(C": (0, "euc_kr"),
    b"$)C": (1, "euc_kr"), b"$)A": (1, "gb2312"), b"-A": (1, "latin_1"), b"-B": (1, "iso8859_2"), b"-C": (1, "iso8859_3"),
    b"-D": (1, "iso8859_4"), b"-F": (1, "iso8859_7"), b"-G": (1, "iso8859_6"), b"-H": (1, "iso8859_8"),
    b"-L": (1, "iso8859_5"), b"-M": (1, "iso8859_9"), b"-T": (1, "iso8859_11"), b"-b": (1, "iso8859_15"),
}  # fmt: skip
_UNKNOWN = "unknown"  # a set of several bytes that is not known here
_PAIRS = frozenset({"jisx0208", "jisx0212", "euc_kr", "gb2312", _UNKNOWN})
_IN_PAIRS = {"jisx0208": "euc_jp", "jisx0212": "euc_jp"}
_HIGH = re.compile(rb"[\x80-\xff]+")
_PARTS = re.compile(rb"\x1b(?:\$[()]?[@-~]|[(),\-./][@-~])|[^\x1b]+|\x1b")
# After these, code extensions start anew (PS3.5 6.1.2.5.3).
_ENDS = re.compile(rb"([\\\n\f\r\t])")
_NAME_ENDS = re.compile(rb"([\\^=\n\f\r\t])")
_CONTROLS = re.compile(rb"([\n\f\r\t])")
_SIGNS = frozenset("ªºµ")  # letters to Unicode only


def terms() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the defined terms that can be read: without, and with code extensions (PS3.3 Tables C.12-2 to C.12-5)."""
    alone = [f"ISO_IR {number}" for number in _SETS if number not in _EXTENSIONS_ONLY]
    extended = [f"ISO 2022 IR {number}" for number, codec in _SETS.items() if codec not in _WHOLE]
    return (*alone, "GB18030", "GBK"), tuple(extended)


def python_encodings(terms: Iterable[str]) -> list[str]:
    """Return the codecs of the terms of Specific Character Set; what is no term of it counts as nothing declared."""
    found = [_codec(term) for term in terms]
    whole = [codec for codec in found if codec in _WHOLE]
    if whole and (found[0] in _WHOLE or found[0] == DEFAULT):
        return whole[:1]  # code extensions cannot go with these
    return [codec for codec in found if codec] or [DEFAULT]


def _codec(term: str) -> str:
    plain = re.sub(r"[^A-Z0-9]", "", term.upper())
    if not plain:
        return DEFAULT
    plain = plain.removeprefix("ISO") if plain.startswith("ISO") else plain
    number = _TERM.fullmatch(plain)
    return _SETS.get(number[1], "") if number else _NAMED.get(plain, "")


def decode(data: bytes, encodings: Sequence[str], *, name: bool = False) -> str:
    """Decode text; every byte comes out as a character. In a name, code extensions start anew after ``^`` and ``=``."""
    first = encodings[0]
    if b"\x1b" in data and first not in _WHOLE:
        return _extended(data, first, _NAME_ENDS if name else _ENDS)
    if first in _SINGLE:
        others = [codec for codec in encodings[1:] if codec in {"euc_kr", "gb2312"}]
        return _HIGH.sub(lambda run: _single(run[0], first, others).encode(), data).decode()
    declared, unicode = _strictly(data, first), _strictly(data, "utf-8")
    if unicode is not None and (declared is None or _surely(unicode)):
        return unicode
    if declared is not None:
        return declared
    return _bytewise(data, "utf-8" if first in {"iso2022_jp", "iso2022_jp_2"} else first)


def readings(data: bytes, encodings: Sequence[str], *, name: bool = False) -> tuple[str, ...]:
    """Return how text can be read, the likeliest first: more than one where the declared set and UTF-8 both make words."""
    likely = decode(data, encodings, name=name)
    found = [likely]
    if not data.isascii():
        for codec in (encodings[0], "utf-8"):
            text = _strictly(data, codec)
            if text is not None and _worded(text):
                found.append(text)
    return tuple(dict.fromkeys(found))


def _single(run: bytes, codec: str, others: Sequence[str]) -> str:
    """Decode a run of bytes above 7F under a single-byte set.

    It is UTF-8, wrongly declared, if it is built so and either makes no word in the declared set or nothing but characters
    that the declared set has. With code extensions, text is often written without its escape sequence.
    """
    free = codec in {DEFAULT, "ascii"}  # nothing is declared for these bytes
    declared, unicode = _strictly(run, "latin_1" if free else codec), _strictly(run, "utf-8")
    for other in others if free and not _surely(unicode) else ():
        text = _strictly(run, other)
        if text is not None:
            return text
    if unicode is not None:
        known = declared is not None and _worded(declared)
        if free or not known or _strictly_encodes(unicode, codec):
            return unicode
    if declared is None or any("\x80" <= char <= "\x9f" for char in declared):  # as Windows' quotation marks are
        return _bytewise(run, "ascii")
    return declared


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _strictly_encodes(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _surely(unicode: str | None) -> bool:
    """Whether a character of three bytes makes UTF-8 sure; two bytes that are one by chance are frequent in other sets."""
    return unicode is not None and any(char > "\u07ff" for char in unicode)


def _worded(text: str) -> bool:
    """Whether all characters beyond ASCII are letters and their marks."""
    return all(unicodedata.category(char)[0] in "LM" and char not in _SIGNS for char in text if not char.isascii())


def _bytewise(data: bytes, codec: str) -> str:
    """Decode what can be decoded, and the other bytes one by one."""
    return data.decode(codec, "gateway.bytewise")


def _one_by_one(error: UnicodeError) -> tuple[str, int]:
    error = cast("UnicodeDecodeError", error)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace").replace("\ufffd", " "), error.end


codecs.register_error("gateway.bytewise", _one_by_one)


def _extended(data: bytes, first: str, ends: re.Pattern[bytes]) -> str:
    """Decode text with code extensions (ISO 2022 as PS3.5 6.1.2.5 allows it), also with sequences that are not declared."""
    start = ("ascii", "ascii" if first in {"iso2022_jp", "iso2022_jp_2", DEFAULT} else first)
    halves, shown = list(start), []
    for part in _PARTS.findall(data):
        if part[1:] in _ESCAPES or part.startswith(b"\x1b$"):
            half, codec = _ESCAPES.get(part[1:], (0, _UNKNOWN))
            halves[half] = codec
            continue
        if part.startswith(b"\x1b"):
            shown.append(part.decode("ascii"))
            continue
        # The bytes of delimiters are halves of characters where G0 has pairs.
        for at, piece in enumerate((_CONTROLS if halves[0] in _PAIRS else ends).split(part)):
            if at % 2:
                halves = list(start)
                shown.append(piece.decode("ascii"))
            elif piece:
                shown.append(_piece(piece, *halves))
    return "".join(shown)


def _piece(data: bytes, low: str, high: str) -> str:
    """Decode bytes between escape sequences and delimiters: below 80 by the set in G0, above by that in G1."""
    text = []
    for part in re.findall(rb"[\x80-\xff]+|[\x00-\x7f]+", data):
        if part[0] & 0x80:
            text.append(_single(part, high, ()) if high in _SINGLE else _bytewise(part, high))
        elif low in _PAIRS:
            text.append(_pairs(part, low))
        else:
            text.append(part.decode("ascii"))
    return "".join(text)


def _pairs(data: bytes, codec: str) -> str:
    """Decode characters of two bytes each; blanks between them are blanks.

    What is no such character is left out: its bytes would read as letters, from which the characters can be told again.
    """
    shown = []
    for part in re.findall(rb" +|(?:[\x21-\x7e][\x21-\x7e])+|.", data, re.DOTALL):
        if part.startswith(b" "):
            shown.append(part.decode("ascii"))
        elif codec != _UNKNOWN:
            raised = bytes(byte | 0x80 for byte in part)
            prefix = b"\x8f" if codec == "jisx0212" else b""
            pairs = b"".join(prefix + raised[at : at + 2] for at in range(0, len(raised), 2))
            shown.append(pairs.decode(_IN_PAIRS.get(codec, codec), "replace"))
    return "".join(shown).replace("\ufffd", "")
