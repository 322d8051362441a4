"""Models are what the manifest says, or nothing starts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gateway import models
from gateway.errors import ModelError
from gateway.judge import TextJudge
from gateway.judge.names import NameReader
from gateway.judge.vocabulary import Vocabulary
from gateway.resources import folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the models folder that a test may damage."""
    shutil.copytree(folder("models") / "phi_ner", tmp_path / "phi_ner")
    shutil.copy(folder("models") / "manifest.json", tmp_path)
    return tmp_path


def test_the_shipped_models_are_listed_with_version_licence_and_hashes() -> None:
    listed = {model.name: model for model in models.listing()}
    assert set(listed) == {"phi_ner", "ordinary", "gateway_lines", "PP-OCRv6_det_small", "PP-OCRv6_rec_small"}
    for model in listed.values():
        assert model.version
        assert model.licence == ("see ordinary/SOURCES.md" if model.name == "ordinary" else "Apache-2.0")
        assert all(len(digest) == 64 for _, digest in model.files)
    assert listed["PP-OCRv6_det_small"].origin == "rapidocr"


@pytest.mark.parametrize("name", ["phi_ner", "ordinary", "gateway_lines", "PP-OCRv6_det_small", "PP-OCRv6_rec_small"])
def test_the_shipped_models_verify(name: str) -> None:
    assert models.verify(name).is_dir()


def test_a_copy_verifies(root: Path) -> None:
    assert models.verify("phi_ner", root) == root / "phi_ner"


def test_an_altered_file_is_refused(root: Path) -> None:
    with (root / "phi_ner" / "ner" / "model").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="ner/model"):
        models.verify("phi_ner", root)


def test_a_missing_file_is_refused(root: Path) -> None:
    (root / "phi_ner" / "tokenizer").unlink()
    with pytest.raises(ModelError, match="tokenizer"):
        models.verify("phi_ner", root)


def test_an_unknown_model_is_refused(root: Path) -> None:
    with pytest.raises(ModelError, match="no model named nobody"):
        models.verify("nobody", root)


@pytest.mark.parametrize("content", [None, "", "[]", '{"models": [{"name": "x"}]}', '{"models": 3}'])
def test_a_damaged_manifest_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(ModelError, match="manifest"):
        models.listing(tmp_path)


def test_a_package_that_is_not_installed_is_named(root: Path) -> None:
    manifest = json.loads((root / "manifest.json").read_text("utf-8"))
    manifest["models"][0] |= {"origin": "no-such-package"}
    (root / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ModelError, match="no-such-package is not installed"):
        models.verify("phi_ner", root)


def test_a_pipeline_that_verifies_but_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        NameReader.open(tmp_path)


@pytest.mark.parametrize("damage", ["missing", "empty", "not text"])
def test_a_damaged_word_list_is_refused(tmp_path: Path, damage: str) -> None:
    lists = tmp_path / "vocabulary"
    shutil.copytree(folder("profiles") / "vocabulary", lists)
    path = lists / "console.txt"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"# nothing\n" if damage == "empty" else b"\xff\xfe\xfa")
    with pytest.raises(ModelError, match=r"console\.txt"):
        Vocabulary.load(lists)
    with pytest.raises(ModelError, match=r"console\.txt"):
        TextJudge.load(lists)
