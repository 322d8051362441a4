"""What the verifier holds of a study appears in no traceback: elements print where they stand, not what they say."""

from __future__ import annotations

from builders import PEOPLE, instance

from gateway.verify.elements import walk


def test_elements_print_no_values() -> None:
    name, patient_id, born, _ = PEOPLE[0]
    found = list(walk(instance()))
    assert any(name in element.values for element in found)
    assert not any(value in repr(found) for value in (name, patient_id, born))
    assert "PatientName" in repr(found)
