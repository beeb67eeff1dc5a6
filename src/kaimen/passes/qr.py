"""A code as a picture: alphanumeric QR, drawn as SVG for pages and print, as PNG for messages and files."""

from io import BytesIO
from typing import Literal

import segno

Level = Literal["L", "M", "Q", "H"]
DOOR = 11  # 61 modules: the finest version that a cheap camera reads from a phone at arm's length
PAPER = 40  # a receipt is read from paper or a screen held still
_MASK = 3  # of large codes: weighing all eight takes most of a page's time, and signed bytes look random already
_QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks


def qr_svg(code: str, *, level: Level = "M", largest: int = DOOR) -> str:
    """An `<svg>` that fills the box it stands in: a viewBox, no size, no style; black on white in dark pages too.

    Raises ValueError for a code that needs a version beyond `largest`.
    """
    out = BytesIO()
    _drawn(code, level, largest).save(
        out, kind="svg", xmldecl=False, nl=False, omitsize=True, border=_QUIET, dark="#000", light="#fff",
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()


def qr_png(code: str, *, level: Level = "M", scale: int = 8) -> bytes:
    """A PNG with `scale` pixels a module."""
    out = BytesIO()
    _drawn(code, level, DOOR).save(out, kind="png", scale=scale, border=_QUIET)
    return out.getvalue()


def _drawn(code: str, level: Level, largest: int) -> segno.QRCode:
    """Raises ValueError for a text that is not alphanumeric, or too long to be read where it is shown."""
    mask = _MASK if largest > DOOR else None
    drawn = segno.make_qr(code, error=level, mode="alphanumeric", boost_error=False, mask=mask)
    if int(drawn.version) > largest:
        raise ValueError(f"{len(code)} characters need QR version {drawn.version}; {largest} can be read here")
    return drawn
