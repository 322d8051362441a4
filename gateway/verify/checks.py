"""The names of the verifier's checks, each with the sentence that reports show."""

from __future__ import annotations

from typing import Final

# Completeness
INSTANCE_MISSING: Final = "instance-missing"
INSTANCE_TWICE: Final = "instance-twice"
INSTANCE_EXTRA: Final = "instance-extra"
FILE_EXTRA: Final = "file-extra"
FILE_NAME: Final = "file-name"
FILE_UNREADABLE: Final = "file-unreadable"
ORIGINAL_UNREADABLE: Final = "original-unreadable"
SOP_UID_TWICE: Final = "sop-uid-twice"
# Structure of the written bytes
PREAMBLE: Final = "preamble"
FILE_META: Final = "file-meta"
ENCODING: Final = "encoding"
LAYOUT: Final = "layout"
IDENTIFIER_IN_BYTES: Final = "identifier-in-bytes"
# Elements
IDENTIFIER_IN_ELEMENT: Final = "identifier-in-element"
IDENTIFIER_IN_TEXT: Final = "identifier-in-text"
DATE_IN_TEXT: Final = "date-in-text"
DATE_UNCHANGED: Final = "date-unchanged"
DATE_INTERVAL: Final = "date-interval"
PRIVATE_ELEMENT: Final = "private-element"
FORBIDDEN_ELEMENT: Final = "forbidden-element"
ILLEGAL_VALUE: Final = "illegal-value"
MARKS: Final = "marks"
PSEUDONYM: Final = "pseudonym"
SOP_CLASS: Final = "sop-class"
# UIDs and references
ORIGINAL_UID: Final = "original-uid"
UID_MAPPING: Final = "uid-mapping"
REFERENCE_LOST: Final = "reference-lost"
REFERENCE_CLASS: Final = "reference-class"
# Pixels
PIXEL_SHAPE: Final = "pixel-shape"
PIXEL_LENGTH: Final = "pixel-length"
PIXEL_UNREADABLE: Final = "pixel-unreadable"
PIXEL_CHANGED: Final = "pixel-changed"
MASK_NOT_FLAT: Final = "mask-not-flat"
ERASED_NOT_FLAT: Final = "erased-not-flat"
FACE_LEFT: Final = "face-left"
FACE_DRAWN: Final = "face-drawn"
CODESTREAM_TEXT: Final = "codestream-text"
IDENTIFIER_IN_PIXELS: Final = "identifier-in-pixels"
# Graphics
OVERLAY_UNREADABLE: Final = "overlay-unreadable"
OVERLAY_CHANGED: Final = "overlay-changed"
IDENTIFIER_IN_GRAPHICS: Final = "identifier-in-graphics"
# Encapsulated documents
DOCUMENT: Final = "document"
DOCUMENT_PAGES: Final = "document-pages"

CHECKS: Final[dict[str, str]] = {
    INSTANCE_MISSING: "Every instance of the study has a written file.",
    INSTANCE_TWICE: "No instance of the study is written twice, and no two instances share a written file.",
    INSTANCE_EXTRA: "No file is written for an instance that does not belong to the study.",
    FILE_EXTRA: "The staging folder holds the written files and nothing else.",
    FILE_NAME: "No folder or file name under the staging folder holds an original identifier.",
    FILE_UNREADABLE: "Every written file exists and parses to its last byte.",
    ORIGINAL_UNREADABLE: "Every original can be read again, so that the written file can be compared with it.",
    SOP_UID_TWICE: "Every written instance has its own SOP Instance UID.",
    PREAMBLE: "The 128 bytes before the DICM mark are zero.",
    FILE_META: "The file meta holds only the elements that it must hold, and they agree with the data set.",
    ENCODING: "The file is written in little endian and not deflated.",
    LAYOUT: "Elements stand in ascending order, once each, without bytes between or after them.",
    IDENTIFIER_IN_BYTES: "No distinctive original identifier stands anywhere in the bytes, in any encoding.",
    IDENTIFIER_IN_ELEMENT: "No element that identifies somebody holds an original identifier, however short or ordinary.",
    IDENTIFIER_IN_TEXT: "No text element holds an original identifier as a word.",
    DATE_IN_TEXT: "No text element holds an original date.",
    DATE_UNCHANGED: "No date equals the original's date in the same element unless dates are retained.",
    DATE_INTERVAL: "Modified dates of a study are all moved by the same number of days.",
    PRIVATE_ELEMENT: "There is no private element at any depth but those known to be safe, if the profile retains these.",
    FORBIDDEN_ELEMENT: "There are no curves, icons, signatures, encrypted or embedded originals, padding, uncleaned graphics.",
    ILLEGAL_VALUE: "Dates, times, ages, numbers and UIDs hold only what their VR allows.",
    MARKS: "The attributes that say how and that the instance was de-identified are present and true.",
    PSEUDONYM: "The Patient ID is the research identifier in every instance.",
    SOP_CLASS: "The SOP Class is the original's.",
    ORIGINAL_UID: "No original UID is left in any element.",
    UID_MAPPING: "UIDs are renamed one to one, so that the study's references and groups stay what they were.",
    REFERENCE_LOST: "Every reference that resolved inside the study still stands.",
    REFERENCE_CLASS: "Every UID that names a class, syntax or scheme is the original's.",
    PIXEL_SHAPE: "Rows, columns, samples, frames and bits are the original's.",
    PIXEL_LENGTH: "The pixel data is exactly as long as its header says.",
    PIXEL_UNREADABLE: "Every frame of the original and of the written file can be decoded.",
    PIXEL_CHANGED: "Outside the masks and what was erased with a face every pixel is the original's.",
    MASK_NOT_FLAT: "Inside a mask all pixels have one value.",
    ERASED_NOT_FLAT: "All pixels of an instance that were erased with a face have one value.",
    FACE_LEFT: "Where a nose stood out under a braincase, the face is gone, if the profile asks for it.",
    FACE_DRAWN: "No contour has a point, and no segmentation a voxel, well inside what was erased with a face.",
    CODESTREAM_TEXT: "Compressed frames carry no comment, application data, unused table or bytes after their end.",
    OVERLAY_UNREADABLE: "Every overlay that is kept is described by its header, to its last bit.",
    OVERLAY_CHANGED: "No bit is set in an overlay that is not set in the original's.",
    IDENTIFIER_IN_GRAPHICS: "No original identifier can be read in overlays nor in what a presentation state or a report draws.",
    IDENTIFIER_IN_PIXELS: "No identifier can be read in the first, middle and last frame, where masks change, or in 64 at once.",
    DOCUMENT: "An encapsulated document has the type and length it says, and is a placeholder or pictures of pages alone.",
    DOCUMENT_PAGES: "A cleaned PDF has as many pages as the original, of the same sizes.",
}
