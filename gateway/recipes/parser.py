"""deid's parser, mended where a sequence holds itself. Imported only where it is needed: deid is slow to import."""

from __future__ import annotations

from typing import Any

from deid.dicom.fields import _get_fields_inner
from deid.dicom.parser import DicomParser
from pydicom.dataset import Dataset, FileDataset
from pydicom.tag import Tag


class Parser(DicomParser):  # type: ignore[misc]  # deid has no types
    """Finds elements in sequences of any nesting.

    deid's own (0.4.13) stops at the first sequence that has the tag it looks for, and fails on content trees (0040,A730).
    """

    def get_nested_field(self, field: Any, return_parent: bool = False) -> Any:  # noqa: FBT001, FBT002  # deid's own signature
        """Return the tag of ``field``, with the data set that holds it (None if it is gone) where that is asked for."""
        steps = field.uid.split("__")
        parent: Dataset | None = self.dicom
        for tag, index in zip(steps[:-1:2], steps[1::2], strict=True):
            items = _items(parent, Tag(tag[1:5], tag[6:10]) if tag.startswith("(") else Tag(tag))
            parent = items[int(index)] if int(index) < len(items) else None
        return (parent, field.element.tag) if return_parent else field.element.tag


def _items(parent: Dataset | None, tag: Any) -> list[Dataset]:
    return list(parent[tag].value or ()) if parent is not None and tag in parent else []


def carry_out(dataset: FileDataset, recipe: Any) -> None:
    """Carry out the header rules of a recipe (deid's) on a data set, in place; whatever deid raises goes up."""
    try:
        Parser(dataset, recipe=recipe).parse()
    finally:
        _get_fields_inner.cache_clear()  # it would keep every data set of the run in memory
