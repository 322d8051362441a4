"""Write ``models/manifest.json``: every model with its version, licence, origin and the SHA-256 of each file.

``python -m models.write_manifest``, after training or after a change of the rapidocr package.
"""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
RAPIDOCR = (
    ("PP-OCRv6_det_small", "rapidocr/models", "PP-OCRv6_det_small.onnx"),
    ("PP-OCRv6_rec_small", "rapidocr/models", "PP-OCRv6_rec_small.onnx"),
)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def own(name: str, version: str, source: str, licence: str = "Apache-2.0") -> dict[str, object]:
    """The entry of a model in a folder of ours. Its card and its figures are no part of it."""
    folder = HERE / name
    files = {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc" and path.name not in ("MODEL_CARD.md", "SOURCES.md", "figures.json")
    }
    return entry(name, version, source, "", name, files) | {"licence": licence}


def packaged(name: str, path: str, file: str) -> dict[str, object]:
    """The entry of a model that the rapidocr wheel carries."""
    package = metadata.distribution("rapidocr")
    files = {file: digest(Path(str(package.locate_file(f"{path}/{file}"))))}
    return entry(name, package.version, "rapidocr wheel", "rapidocr", path, files)


def entry(name: str, version: str, source: str, origin: str, path: str, files: dict[str, str]) -> dict[str, object]:
    """One model of the manifest; see gateway/models.py for the fields."""
    return {
        "name": name,
        "version": version,
        "licence": "Apache-2.0",
        "source": source,
        "origin": origin,
        "path": path,
        "files": files,
    }


def manifest() -> dict[str, list[dict[str, object]]]:
    """Every model, measured where it lies."""
    trained = json.loads((HERE / "phi_ner" / "meta.json").read_text("utf-8"))["version"]
    return {
        "models": [
            own("phi_ner", trained, "trained by models/train_ner.py"),
            own("ordinary", "1.0.0", "built by models/build_ordinary.py", "see ordinary/SOURCES.md"),
            own("gateway_lines", "1.0.0", "trained by models/train_easyocr.py"),
            *(packaged(*model) for model in RAPIDOCR),
        ]
    }


def main() -> None:
    """Write the manifest."""
    models = manifest()
    (HERE / "manifest.json").write_text(json.dumps(models, indent=1) + "\n", "utf-8")
    print(f"manifest.json: {len(models['models'])} models")


if __name__ == "__main__":
    main()
