"""The de-identification gateway: DICOM studies go in identified and come out de-identified, verified and recorded."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("deidentification-gateway")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0.0.0"
