"""Invented people. Nobody here exists; every kind of name that is hard for a gateway stands here once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """An invented patient, as DICOM writes one.

    ``burned`` is how consoles show the name, ``charset`` the Specific Character Set of the person's instances.
    ``ordinary`` says that the name's parts are also common words or too short to be searched for in a file's bytes.
    """

    name: str
    burned: str
    patient_id: str
    born: str
    sex: str
    phone: str
    address: str
    charset: str = "ISO_IR 100"
    ordinary: bool = False


WU = Person("WU^LIAN", "WU, LIAN", "HS-448190", "19620314", "F", "0141 555 0182", "7 Quarry Brae", ordinary=True)
MARSH = Person(
    "MARSH^APRIL^J", "MARSH, APRIL J", "MRN5520937", "19710904", "F", "(555) 013-2247", "19 Tannery Row", ordinary=True
)
SOKOLOVA = Person(
    "\u0421\u043e\u043a\u043e\u043b\u043e\u0432\u0430^\u0418\u0440\u0438\u043d\u0430",
    "SOKOLOVA IRINA",
    "SPB-10442-7",
    "19551130",
    "F",
    "+7 812 555-01-93",
    "Ulitsa Vymyslennaya 4",
    charset="ISO_IR 144",
)
OYELARAN = Person("OYELARAN^TEMITOPE", "OYELARAN TEMITOPE", "0010", "19880726", "M", "080 5550 1176", "3 Adeniji Close")
FERNANDEZ = Person(
    "FERN\u00c1NDEZ-QUIROGA^XIMENA",
    "FERNANDEZ-QUIROGA, XIMENA",
    "7719204-33",
    "19930212",
    "F",
    "555 01 44 90",
    "Calle Inventada 88",
)
HALVORSEN = Person(
    "HALVORSEN^SIGRID^^DR", "HALVORSEN SIGRID", "NO-150948-1", "19480915", "F", "22 55 50 17", "Fjordglimt 12"
)
KAPOOR = Person("KAPOOR^DEVIKA", "Kapoor, Devika", "DK20931144", "20010618", "F", "011 5550 1362", "41 Neem Lane")
TREMBLAY = Person(
    "TREMBLAY-OUELLET^MAXIME",
    "TREMBLAY-OUELLET MAXIME",
    "QC885301",
    "19790101",
    "M",
    "514 555 0139",
    "220 rue Imaginaire",
)

PEOPLE = (WU, MARSH, SOKOLOVA, OYELARAN, FERNANDEZ, HALVORSEN, KAPOOR, TREMBLAY)
INSTITUTION = "Saint Brannoc Infirmary"
REFERRER = "WHITTINGSTALL^HUGO"
OPERATOR = "ABERNATHY^ROSALIND"
