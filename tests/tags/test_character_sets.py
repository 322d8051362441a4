"""Every character set of PS3.3 C.12.1.1.2, well and wrongly declared: no character is lost, and names are found in each."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from builders import instance
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset
from tags.cleaning import READERS, Read, clean, cleaned, put_raw, reread

from gateway.tags import charsets, collect, values

# Term, Python's codec (chosen here by hand), escape sequence of the term with code extensions, a name.
SINGLE = (
    ("100", "latin-1", b"\x1b-A", "Müller^Zoë"), ("101", "iso8859-2", b"\x1b-B", "Łoś^Žofie"),
    ("109", "iso8859-3", b"\x1b-C", "Ċensu^Ġorġ"), ("110", "iso8859-4", b"\x1b-D", "Bērziņš^Ģirts"),
    ("144", "iso8859-5", b"\x1b-L", "Шаша^Пётр"), ("127", "iso8859-6", b"\x1b-G", "قباني^لنزار"),
    ("126", "iso8859-7", b"\x1b-F", "Διονυσιος^Άννα"), ("138", "iso8859-8", b"\x1b-H", "שרון^דבורה"),
    ("148", "iso8859-9", b"\x1b-M", "Çavuşoğlu^Şule"), ("166", "tis-620", b"\x1b-T", "นามสกุล^ชื่อ"),
    ("203", "iso8859-15", b"\x1b-b", "Œuvrard^Šimon"), ("13", "shift_jis", b"\x1b)I", "ﾔﾏﾀﾞ^ﾀﾛｳ"),
)  # fmt: skip


def with_name(charset: bytes, data: bytes) -> FileDataset:
    """An instance whose physician has the name; the patient has another."""
    dataset = put_raw(instance(ReferringPhysicianName=None), 0x00080005, "CS", charset)
    return put_raw(dataset, 0x00080090, "PN", data)  # type: ignore[return-value]


def read_name(charset: bytes, data: bytes) -> str:
    dataset = with_name(charset, data)
    element = dataset.get_item(0x00080090)
    (value,) = values.split(values.content(element, "PN"), "PN", values.encodings_of(dataset, [charsets.DEFAULT]))
    return value


def on_disk(folder: Path, dataset: Dataset, *elements: tuple[int, str, bytes]) -> Path:
    """Write a data set whose file holds these bytes as they are: pydicom alone would decode and encode them first."""
    wanted = {}
    for number, (tag, vr, value) in enumerate(elements):
        data = value + b" " * (len(value) % 2)
        filling = bytes([0x61 + number]) * len(data)
        dataset.add_new(tag, "LO", filling.decode())
        head = struct.pack("<HH", tag >> 16, tag & 0xFFFF), struct.pack("<H", len(data))
        wanted[b"LO".join(head) + filling] = vr.encode().join(head) + data
    path = folder / "source.dcm"
    dataset.save_as(path)
    written = path.read_bytes()
    for before, after in wanted.items():
        assert written.count(before) == 1
        written = written.replace(before, after)
    path.write_bytes(written)
    return path


@pytest.mark.parametrize(("number", "codec", "escape", "name"), SINGLE)
def test_single_byte_sets(number: str, codec: str, escape: bytes, name: str) -> None:
    plain = name.encode(codec)
    assert read_name(f"ISO_IR {number}".encode(), plain) == name
    assert read_name(f"ISO 2022 IR {number}".encode(), plain) == name
    extended = b"=".join([b"Latin^Letters", b"^".join(escape + part.encode(codec) for part in name.split("^"))])
    assert read_name(f"\\ISO 2022 IR {number}".encode(), extended) == f"Latin^Letters={name}"
    assert read_name(f"ISO 2022 IR 6\\ISO 2022 IR {number}".encode(), extended) == f"Latin^Letters={name}"
    assert read_name(b"", extended) == f"Latin^Letters={name}"  # a sequence that is not declared says enough


@pytest.mark.parametrize(
    ("charset", "data", "name"),
    [
        # the examples of PS3.5 Annexes H to K
        (
            b"\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう",
        ),
        (
            b"ISO 2022 IR 13\\ISO 2022 IR 87",
            b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
        ),
        (
            b"\\ISO 2022 IR 149",
            b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
            "Hong^Gildong=洪^吉洞=홍^길동",
        ),
        (b"\\ISO 2022 IR 58", b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东="),
        (b"ISO_IR 192", "Wang^XiaoDong=王^小东=".encode(), "Wang^XiaoDong=王^小东="),
        (b"GB18030", "Wang^XiaoDong=王^小东=".encode("gb18030"), "Wang^XiaoDong=王^小东="),
        (b"GBK", "Wang^XiaoDong=王^小东=".encode("gbk"), "Wang^XiaoDong=王^小东="),
        # the supplementary set, halves of characters that look like delimiters, blanks between, several sets in one
        (b"\\ISO 2022 IR 87\\ISO 2022 IR 159", "鷗=丂侄".encode("iso2022_jp_2"), "鷗=丂侄"),
        (b"\\ISO 2022 IR 87", "ゼ^ソ=表".encode("iso2022_jp"), "ゼ^ソ=表"),
        (b"\\ISO 2022 IR 87", b"\x1b$B;3 ED\x1b(B", "山 田"),
        (b"\\ISO 2022 IR 87\\ISO 2022 IR 149", b"\x1b$B;3ED\x1b(B^\x1b$)C\xc8\xab", "山田^홍"),
        (b"ISO 2022 IR 100\\ISO 2022 IR 144", b"M\xfcller=\x1b-L\xef^\xe4", "Müller=я^ä"),
        (b"ISO 2022 IR 100\\ISO 2022 IR 126", b"M\xfcller\x1b-F\xf8", "Müllerψ"),
        # multi-byte sets as the first
        (b"ISO 2022 IR 149", b"\xc8\xab", "홍"),
        (b"ISO 2022 IR 87", b"\x1b$B;3ED\x1b(B", "山田"),
        (b"ISO 2022 IR 87", b"Yamada", "Yamada"),
    ],
)  # fmt: skip
def test_multi_byte_sets(charset: bytes, data: bytes, name: str) -> None:
    assert read_name(charset, data) == name


def test_delimiters_of_names_delimit_names_only() -> None:
    dataset = put_raw(instance(), 0x00080005, "CS", b"ISO 2022 IR 100\\ISO 2022 IR 144")
    encodings = values.encodings_of(dataset, [charsets.DEFAULT])
    data = b"\x1b-L\xef^\xdf=\xdf\r\n\xdf"
    assert values.split(data, "PN", encodings) == ["я^ß=ß  ß"]
    assert values.split(data, "LT", encodings) == ["я^п=п\r\nß"]


@pytest.mark.parametrize("codec", ["gbk", "gb18030"])
def test_a_backslash_in_a_character_parts_no_values(tmp_path: Path, codec: str) -> None:
    character = b"\x81\x5c".decode(codec)
    dataset = put_raw(instance(), 0x00080005, "CS", codec.upper().encode())
    put_raw(dataset, 0x00181020, "LO", f"{character}\\B".encode(codec))
    assert list(reread(cleaned(dataset), tmp_path).SoftwareVersions) == [character, "B"]
    dataset = put_raw(instance(), 0x00080005, "CS", b"\\ISO 2022 IR 87")
    put_raw(dataset, 0x00181020, "LO", "ゼ\\B".encode("iso2022_jp"))
    assert list(reread(cleaned(dataset), tmp_path).SoftwareVersions) == ["ゼ", "B"]


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        # UTF-8 where something else is declared
        (b"", "Größe Łoś 山".encode(), "Größe Łoś 山"),
        (b"ISO_IR 6", "Größe".encode(), "Größe"),
        (b"ISO_IR 100", "Größe Müller".encode(), "Größe Müller"),
        (b"ISO_IR 100", "Иван 山".encode(), "Иван 山"),
        (b"ISO_IR 101", "Müller Łoś".encode(), "Müller Łoś"),
        (b"ISO_IR 144", "Привет".encode(), "Привет"),
        (b"GB18030", "王 山田 é".encode(), "王 山田 é"),
        (b"\\ISO 2022 IR 87", "山田".encode(), "山田"),
        (b"ISO 2022 IR 87", "山田".encode(), "山田"),
        # one word in UTF-8, one not: each by itself
        (b"ISO_IR 100", "Müller ".encode() + b"5 \xb0C", "Müller 5 °C"),
        # well declared, though the bytes are UTF-8 by chance
        (b"ISO_IR 101", "PÓŁTORAK".encode("iso8859-2"), "PÓŁTORAK"),
        (b"ISO_IR 144", "Шаша ШАША".encode("iso8859-5"), "Шаша ШАША"),
        (b"ISO_IR 166", "ยม".encode("tis-620"), "ยม"),
        (b"ISO_IR 100", b"50 \xb5m \xb1 2\xa0\xb0", "50 µm ± 2\xa0°".replace("\xa0", " ")),
        (b"ISO_IR 101", "Łoś\xa0Ž".encode("iso8859-2"), "Łoś Ž"),
        # bytes that are nothing of what is declared
        (b"ISO_IR 192", b"M\xfcller", "Müller"),
        (b"ISO_IR 192", "Müller".encode()[:2], "MÃ"),
        (b"ISO_IR 192", b"\x93quoted\x94 \x81", "“quoted”"),
        (b"ISO_IR 100", b"\x93quoted\x94", "“quoted”"),
        (b"ISO_IR 127", b"\xd1\xff", "Ñÿ"),
        (b"GB18030", b"\xcd\xf5 \xff", "王 ÿ"),
        (b"\\ISO 2022 IR 149", b"\xc8\xab\xb1\xe6", "홍길"),  # its escape sequence left out
        (b"\\ISO 2022 IR 149", b"\xc8", "È"),
        (b"\\ISO 2022 IR 87", b"\x1b$B;3\xff\x1b(B", "山ÿ"),
        (b"\\ISO 2022 IR 87", b"a\x1b%G\x1b$B;3\x1b(Bb", "a %G山b"),
        # what is no character of two bytes is none of one: from ``;3E`` the first could be told again
        (b"\\ISO 2022 IR 87", b"\x1b$B;3E\x1b(B", "山"),
        (b"\\ISO 2022 IR 87", b"a \x1b$B~~\x1b(B", "a"),
        # sequences of ISO 2022 that PS3.3 does not have
        (b"ISO_IR 100", b"\x1b$@;3ED\x1b(B", "山田"),
        (b"ISO_IR 100", b"\x1b$A" + bytes(byte & 0x7F for byte in "王".encode("gb2312")) + b"\x1b(B", "王"),
        (b"ISO_IR 100", b"\x1b$(C" + bytes(byte & 0x7F for byte in "홍".encode("euc_kr")) + b"\x1b(B", "홍"),
        (b"ISO_IR 100", b"a \x1b$(G;3ED\x1b(B", "a"),
        (b"\\ISO 2022 IR 87", b"a\x1b%Gb", "a %Gb"),
        (b"\\ISO 2022 IR 87", b"a\x1b", "a"),
        # terms that are none
        (b"NO_SUCH_SET", "Größe".encode("latin-1"), "Größe"),
        (b"NO_SUCH_SET\\ISO 2022 IR 144", b"\x1b-L\xef", "я"),
        (b"ISO_IR 999", b"\xfc", "ü"),
        (b"ISO-IR 144", b"\xef", "я"),
        (b"iso_ir 144", b"\xef", "я"),
        (b"UTF-8", "Łoś".encode(), "Łoś"),
        (b"ISO_IR 192\\ISO 2022 IR 87", "Łoś".encode(), "Łoś"),
        (b"\\ISO_IR 192", "Łoś".encode(), "Łoś"),
        (b"ISO 2022 IR 100\\GBK", b"\xfc", "ü"),
    ],
)  # fmt: skip
def test_wrong_declarations_lose_nothing(tmp_path: Path, charset: bytes, data: bytes, text: str) -> None:
    dataset = put_raw(put_raw(instance(), 0x00080005, "CS", charset), 0x00080070, "LO", data)
    written = reread(cleaned(dataset), tmp_path)
    assert written.SpecificCharacterSet == "ISO_IR 192"
    assert written.Manufacturer == text


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("charset", "codec"), [(b"ISO_IR 192", "latin-1"), (b"ISO_IR 100", "utf-8"), (b"", "utf-8")])
def test_text_survives_the_way_from_disk(tmp_path: Path, read: Read, charset: bytes, codec: str) -> None:
    item = Dataset()
    item.Manufacturer = "GROESSE"
    dataset = instance(SpecificCharacterSet=charset.decode())
    dataset.SharedFunctionalGroupsSequence = [item]
    path = on_disk(tmp_path, dataset, (0x00080070, "LO", "Größe ä".encode(codec)))
    path.write_bytes(
        path.read_bytes().replace(b"GROESSE ", b"GR\xd6SSE  " if codec == "latin-1" else "GRÖSSE ".encode())
    )
    written = reread(cleaned(read(path)), tmp_path)
    assert [element.value for element in written.iterall() if element.keyword == "Manufacturer"] == [
        "Größe ä",
        "GRÖSSE",
    ]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("charset", "written_name", "name"),
    [
        *((f"ISO_IR {number}".encode(), name.encode(codec), name) for number, codec, _, name in SINGLE),
        (b"ISO_IR 192", b"M\xfcller^J\xf6rg", "Müller^Jörg"),
        (b"ISO_IR 100", "Müller^Jörg".encode(), "Müller^Jörg"),
        (b"", "Ковалёв^Пётр".encode(), "Ковалёв^Пётр"),
        (b"GB18030", "王^小东".encode(), "王^小东"),
        (b"\\ISO 2022 IR 149", b"\xc8\xab^\xb1\xe6\xb5\xbf", "홍^길동"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_the_text_beside_it(
    tmp_path: Path, read: Read, charset: bytes, written_name: bytes, name: str
) -> None:
    text = written_name.split(b"^", maxsplit=1)[0] + b" report"
    dataset = instance(SpecificCharacterSet=charset.decode().split("\\"), ReferringPhysicianName=None)
    source = read(on_disk(tmp_path, dataset, (0x00080090, "PN", written_name), (0x00080070, "LO", text)))
    assert name in collect([source]).names
    written, _ = clean(source)
    assert written.Manufacturer == "report"
    assert name.split("^", maxsplit=1)[0] not in str(written)


def test_every_component_group_of_a_name_is_found() -> None:
    data = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B"
    names = collect([with_name(b"\\ISO 2022 IR 87", data)]).names
    assert {"Yamada^Tarou", "山田^太郎", "やまだ^たろう"} <= names


def test_where_two_readings_make_words_both_are_names() -> None:
    names = collect([with_name(b"ISO_IR 101", "Ăź^Lou".encode("iso8859-2"))]).names  # in UTF-8: ü
    assert {"ü^Lou", "Ăź^Lou"} <= names
    names = collect([with_name(b"ISO_IR 100", "Müller^Lou".encode())]).names
    assert "Müller^Lou" in names
    assert not any("¼" in name for name in names)  # no words: nobody's name


def test_lengths_count_characters() -> None:
    long = "Ж" * 70
    assert values.join([long], "LO") == long[:64].encode()
    assert values.join([f"{long}={long}={long}"], "PN").decode().strip() == f"{long[:64]}={long[:64]}={long[:64]}"


@pytest.mark.parametrize(
    ("tag", "vr", "data"),
    [
        (0x00201208, "IS", b"1.5 "),
        (0x00189073, "FD", b"\1\2"),
        (0x00080020, "DA", b"\xff\xfe\xfd\xfc"),
        (0x00080022, "DA", b"\xff\xfe\xfd\xfc"),
        (0x00180081, "DS", b"a\\b "),
        (0x0009100C, "IS", b"not a number"),
        (0x0009100C, "AT", b"\1\2"),
    ],
)
def test_a_value_that_cannot_be_decoded_holds_no_study(tmp_path: Path, tag: int, vr: str, data: bytes) -> None:
    dataset = instance()
    written = reread(cleaned(READERS[1](on_disk(tmp_path, dataset, (tag, vr, data)))), tmp_path)
    assert tag not in written or not written[tag].value


def test_a_private_sequence_that_is_none_holds_no_study(tmp_path: Path) -> None:
    path = on_disk(tmp_path, instance(), (0x0009100C, "LO", b"not a sequence at all "))
    head = struct.pack("<HH", 0x0009, 0x100C)
    data = path.read_bytes().replace(head + b"LO\x16\0", head + b"SQ\0\0\x16\0\0\0")
    path.write_bytes(data)
    assert 0x0009100C in dcmread(path)
    assert 0x0009100C not in cleaned(READERS[1](path))


def test_the_terms_that_can_be_read_are_told() -> None:
    alone, extended = charsets.terms()
    assert {"ISO_IR 100", "ISO_IR 192", "GB18030"} <= set(alone)
    assert {"ISO 2022 IR 87", "ISO 2022 IR 149"} <= set(extended)
    assert not {"ISO_IR 87", "ISO 2022 IR 192"} & {*alone, *extended}
