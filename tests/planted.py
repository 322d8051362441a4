"""Kinds of PHI, each planted into a study of its own on disk. The kinds stand in planted_header, _text, _files and _pixels.

A kind is a named function: it writes a small study into its place and returns what may not be released of it. What it plants
belongs to an invented person (or place, or number) that stands nowhere else, so that nothing else gives it away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from builders import ROOT, instance, write
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID

_SURNAMES = """
Abbernack Achterhof Ainscoughby Alverscot Amberdyke Anstruffel Applegarthy Arkwendel Ashbrittle Auldhouser Babbershaw Bagnaresi
Balquhiddy Bamfordine Barracloughy Bedlingham Bellwhistle Benthornly Bickerdykes Birkensholm Blatherwyck Blenkinsopp Boddingfort
Bosworthick Brambledorn Bratherwaite Brigstocker Brockelhurst Brundrettel Buckinghorst Burlinghame Butterworthy Calderwinkel
Cantlebury Carmichelot Cattermolen Chadderwick Chenevixer Chorlbecker Claverhulme Clutterbucke Cobbledick Coddingtree Colquhounde
Copplestone Cotterstock Crabtreeson Crankshawle Crickhowell Crowthersby Culpepperel Cumberbeck Dalrymplett Dankworthen Debenhamer
Derringwold Dinglethorpe Dorringsley Drinkwaterby Dungworther Eccleshalle Edgecumbers Elphinstoker Entwistleton Etheringside
Fanshaweling Farthingale Featherstoke Fenwickshaw Fittleworth Fothergillen Frobisherly Gathercolen Gillingwater Glossopdale
Goldthwaiter Grindlestone Grimsbottomy Hackenschmid Haddlesworth Hainsworther Hebblethwait Heffelfinger Hepplewhiter Hetheringbow
Higginbothom Hinchcliffer Holderbaumer Hornblowerly Huddlestoney Inglebrighty Jellicorsen Kettlewellby Killingbecke Knatchbullen
Laughtonbury Leatherbarry Lickbarrowes Littlechilds Loosemorely Mainwaringer Micklethwayt Mordenhauser Murgatroydly Nettleshippe
Oglethorpson Osbaldestone Ottershawley Penhaligoner Pettigrewson Pickersgille Plantagenoir Postlethwayt Quatermassen Ramsbothamly
Ravenscrofty Rickmansholm Rotherhamley Sacheverelly Satterthwait Scattergoode Shuttlewarth Silverthorne Skeffingtony Snodgrassily
Sowerbuttson Spofforthley Stonehewerby Strickelland Swynnertoner Tattersfield Tempestewick Thackerberry Thistlewoody Throckmarten
Tibbermorely Trelawnisson Turnpennyly Umfrevilleby Venablesmore Waddilovely Walsinghorn Warburtonley Weatherheady Whickerstaff
Winterbourny Wolstenholmy Wrigglesford Yarboroughby Yellowlesson Zuckerbrodt
"""
SURNAMES = tuple(_SURNAMES.split())
GIVEN = ("Edith", "Ambrose", "Lavinia", "Cedric", "Philippa", "Horatio", "Winifred", "Barnaby")
PATIENTS = (
    "Vasterling", "Oduyale", "Quennerstedt", "Bhattamishra", "Tsekourasi", "Llanfihangel", "Wijesundera", "Przybyszko", "Ekwueme",
    "Hohenwarter",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where one kind writes its study, and whom it may plant. ``number`` counts the kinds from 1."""

    folder: Path
    number: int

    @property
    def surname(self) -> str:
        """A person who is not the patient; no other kind plants the same one."""
        return SURNAMES[self.number - 1]

    @property
    def person(self) -> str:
        """The same person with a given name, in DICOM form."""
        return f"{self.surname}^{GIVEN[self.number % len(GIVEN)]}"

    @property
    def mrn(self) -> str:
        """A number of twelve digits, as national health numbers are: too long to arise by chance in a new UID."""
        return str(943_000_000_000 + self.number * 7_654_321)

    @property
    def patient(self) -> str:
        """The study's own patient."""
        return f"{PATIENTS[self.number % 10]}^{PATIENTS[(self.number // 10 + 3) % 10][:5]}anna^{'ABCDEFGH'[self.number % 8]}"

    @property
    def patient_id(self) -> str:
        return f"HX{self.number:03d}-{4_100_037 + self.number * 61_331}"

    @property
    def born(self) -> str:
        """The patient's birth date."""
        return f"{1931 + self.number % 57}{self.number % 12 + 1:02d}{self.number % 28 + 1:02d}"

    @property
    def done(self) -> str:
        """The day of the study."""
        return f"{2014 + self.number % 9}{self.number % 11 + 1:02d}{self.number % 27 + 1:02d}"

    @property
    def accession(self) -> str:
        return f"AX{self.number:03d}Q{77_003 + self.number * 311}"

    def uid(self, series: int = 1, number: int = 1) -> str:
        """The UID of an instance of this study."""
        return f"{ROOT}.777{self.number:03d}.{series}.{number}"

    def image(self, pixels: NDArray[Any] | None = None, number: int = 1, **attributes: Any) -> FileDataset:
        """A CT image of the study; without ``pixels`` too small for any text."""
        tiny = (np.arange(64, dtype=np.uint16) * 37 + number).reshape(8, 8)
        ds = instance(1, 1, 1, number, image=tiny if pixels is None else pixels)
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = UID(self.uid(1, number))
        ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = (self.uid(i, 0) for i in (0, 1, 9))
        ds.PatientName, ds.PatientID, ds.PatientBirthDate = self.patient, self.patient_id, self.born
        ds.AccessionNumber = self.accession
        ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = self.done
        for keyword, value in attributes.items():
            setattr(ds, keyword, value)
        return ds

    def document(self, sop_class: str, modality: str, **attributes: Any) -> FileDataset:
        """An instance of the study without pixels."""
        ds = self.image(number=2)
        for element in [element for element in ds if element.tag.group in (0x0018, 0x0020, 0x0028, 0x7FE0)]:
            if element.keyword not in ("StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber", "InstanceNumber"):
                del ds[element.tag]
        del ds.ImageType
        ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UID(sop_class)
        ds.Modality, ds.SeriesInstanceUID = modality, self.uid(2, 0)
        for keyword, value in attributes.items():
            setattr(ds, keyword, value)
        return ds

    def write(self, ds: FileDataset, name: str = "1.dcm") -> Path:
        """Write an instance of the study."""
        return write(ds, self.folder / name)


@dataclass(frozen=True)
class Planted:
    """A kind as it lies on disk: its name, what may not be released, and what its study's own header holds."""

    kind: str
    marker: str
    own: tuple[str, ...]
    dates: tuple[str, ...]
    patient_id: str


Kind = Callable[[Place], str]
KINDS: dict[str, Kind] = {}
BURNED_IN: set[str] = set()


def kind(plants: Kind) -> Kind:
    """Register a kind."""
    KINDS[plants.__name__] = plants
    return plants


def burned_in(plants: Kind) -> Kind:
    """Register a kind that a reader sees in pixels, and no search for bytes can find."""
    BURNED_IN.add(plants.__name__)
    return kind(plants)


def names() -> tuple[str, ...]:
    """The names of all kinds, in alphabetical order."""
    for module in ("header", "depths", "text", "files", "pixels"):
        import_module(f"planted_{module}")  # which registers its kinds
    return tuple(sorted(KINDS))


def plant(root: Path) -> tuple[Planted, ...]:
    """Write every kind into a folder of its own below ``root``."""
    found = []
    for number, name in enumerate(names(), 1):
        place = Place(root / name, number)
        marker = KINDS[name](place)
        own = (place.patient.split("^")[0], place.patient_id, place.accession, place.uid(0, 0))
        found.append(Planted(name, marker, own, (place.born, place.done), place.patient_id))
    return tuple(found)


def item(**attributes: Any) -> Dataset:
    """A sequence item."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made
