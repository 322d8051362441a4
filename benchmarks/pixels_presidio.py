"""Presidio's DICOM redactor over a folder, in the environment that ``make bench-pixels`` makes for it (``.venv-presidio``).

    .venv-presidio/bin/python benchmarks/pixels_presidio.py presidio OUT IN

It sees whole files: its list of forbidden words comes from the header, as always. The language model that it asks for cannot
be had from PyPI; the pipeline that this project ships (``models/phi_ner``) takes its place, with names, dates, places and numbers
mapped to Presidio's entities. Each file that it redacts gets OUT/<name>.json with the boxes of its one frame; the file itself is
not used, because colours of lossy JPEG come out wrong, and every pixel would count as masked. Files that it fails on (those of
several frames) are left out.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pydicom
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_image_redactor import DicomImageRedactorEngine, ImageAnalyzerEngine

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "models" / "phi_ner"
ENTITIES = {"PERSON": "PERSON", "DATE": "DATE_TIME", "PLACE": "LOCATION", "ID": "ID"}


def know_features() -> None:
    """Make the layer of our pipeline known to spaCy, without the packages around it: they need more than is installed here."""
    for name in ("gateway", "gateway.judge"):
        package = sys.modules[name] = ModuleType(name)
        package.__path__ = [str(ROOT / name.replace(".", "/"))]
    import_module("gateway.judge.features")


def engine() -> DicomImageRedactorEngine:
    """The redactor with the pipeline of this project."""
    settings = NerModelConfiguration(model_to_presidio_entity_mapping=ENTITIES, labels_to_ignore=["AGE_SEX"])
    nlp = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": str(MODEL)}], ner_model_configuration=settings)
    know_features()
    nlp.load()
    return DicomImageRedactorEngine(ImageAnalyzerEngine(AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])))


def main() -> None:
    """Redact every file that it can."""
    warnings.simplefilter("ignore")
    out, given = Path(sys.argv[2]), Path(sys.argv[3])
    redactor = engine()
    for path in sorted(given.glob("*.dcm")):
        try:
            _, boxes = redactor.redact_and_return_bbox(pydicom.dcmread(path))
        except Exception as error:  # noqa: BLE001  # a peer may fail in any way: that file is counted as failed
            print(f"{path.name}: {type(error).__name__}", file=sys.stderr)
            continue
        found = [(box["left"], box["top"], box["left"] + box["width"], box["top"] + box["height"]) for box in boxes]
        (out / f"{path.stem}.json").write_text(json.dumps([found]), "utf-8")


if __name__ == "__main__":
    main()
