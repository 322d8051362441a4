"""Documents that stand in the place of documents that were removed: legal, small, and the same for everybody."""

from __future__ import annotations

import struct
from itertools import combinations

import cv2
import numpy as np

from gateway.documents.write import write_pdf

SAYS = "The document was removed by de-identification."
_LETTER = (612.0, 792.0)  # points: US Letter
_CORNERS = ((0, 0, 0), (10, 0, 0), (0, 10, 0), (0, 0, 10))  # of a tetrahedron, in mm


def placeholder(mime_type: str, uid: str) -> bytes:
    """Return a placeholder of a MIME type of PS3.3 C.24.2 (lower case).

    ``uid`` is the new SOP Instance UID: a CDA document has to have an identifier (HL7 CDA R2 4.2.1.4), and this is one.

    Raises:
        KeyError: there is none of that type.
    """
    made = {"application/pdf": _pdf, "model/stl": _stl, "model/obj": _obj, "model/mtl": _mtl}
    return _cda(uid) if mime_type == "text/xml" else made[mime_type]()


def _pdf() -> bytes:
    page = np.full((1056, 816), 255, np.uint8)  # 96 pixels an inch
    cv2.putText(page, SAYS, (96, 160), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2, cv2.LINE_AA)
    return write_pdf([(_LETTER, page[..., None].repeat(3, axis=2))])


def _cda(uid: str) -> bytes:
    """A CDA R2 document with the header that its schema asks for, in which everybody and everything is masked (MSK)."""
    masked = '<id nullFlavor="MSK"/>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ClinicalDocument xmlns="urn:hl7-org:v3">\n'
        '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>\n'
        f'<id root="{uid}"/>\n'
        '<code nullFlavor="MSK"/>\n'
        '<effectiveTime nullFlavor="MSK"/>\n'
        '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>\n'
        f"<recordTarget><patientRole>{masked}</patientRole></recordTarget>\n"
        f'<author><time nullFlavor="MSK"/><assignedAuthor>{masked}</assignedAuthor></author>\n'
        "<custodian><assignedCustodian><representedCustodianOrganization>"
        f"{masked}</representedCustodianOrganization></assignedCustodian></custodian>\n"
        f"<component><nonXMLBody><text>{SAYS}</text></nonXMLBody></component>\n"
        "</ClinicalDocument>\n"
    ).encode("ascii")


def _stl() -> bytes:
    """A binary STL: 80 bytes that mean nothing, the number of facets, and for each its normal, corners and two bytes."""
    facets = [
        struct.pack("<12fH", 0, 0, 0, *(float(value) for corner in facet for value in corner), 0)
        for facet in combinations(_CORNERS, 3)
    ]
    return bytes(80) + struct.pack("<I", len(facets)) + b"".join(facets)


def _obj() -> bytes:
    corners = [f"v {x} {y} {z}\n" for x, y, z in _CORNERS]
    faces = [f"f {a} {b} {c}\n" for a, b, c in combinations(range(1, 5), 3)]
    return "".join((*corners, *faces)).encode("ascii")


def _mtl() -> bytes:
    return b"newmtl removed\nKd 0.8 0.8 0.8\n"
