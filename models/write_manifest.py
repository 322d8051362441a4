"""Write ``models/manifest.json``: every model with its version, licence, origin and the SHA-256 of each file.

``python models/write_manifest.py``, after training or after a change of the rapidocr package.
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


def own(name: str) -> dict[str, object]:
    """The entry of a model that we trained: a spaCy pipeline in a folder."""
    folder = HERE / name
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    files = {str(path.relative_to(folder).as_posix()): digest(path) for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".md"}
    return {
        "name": name, "version": meta["version"], "licence": "Apache-2.0", "source": "trained by models/train_ner.py", "origin": "", "path": name, "files": files,
    }  # fmt: skip


def packaged(name: str, path: str, file: str) -> dict[str, object]:
    """The entry of a model that the rapidocr wheel carries."""
    package = metadata.distribution("rapidocr")
    return {
        "name": name, "version": package.version, "licence": "Apache-2.0", "source": "rapidocr wheel", "origin": "rapidocr", "path": path,
        "files": {file: digest(Path(str(package.locate_file(f"{path}/{file}"))))},
    }  # fmt: skip


def main() -> None:
    """Write the manifest."""
    models = [own("phi_ner"), *(packaged(*model) for model in RAPIDOCR)]
    (HERE / "manifest.json").write_text(json.dumps({"models": models}, indent=1) + "\n", "utf-8")
    print(f"manifest.json: {len(models)} models")


if __name__ == "__main__":
    main()
