"""A pass as a picture: the size that cards are printed for, and an SVG the page's policy lets through."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from kaimen.kit.keys import SigningKey
from kaimen.passes import issue, qr_png, qr_svg
from kaimen.passes.qr import DOOR, _drawn

CODE = issue(SigningKey.generate(), 2**32 - 1, datetime(2106, 1, 1, tzinfo=UTC))


def test_every_pass_is_a_qr_code_of_version_6_at_level_m() -> None:
    drawn = _drawn(CODE, "M", DOOR)
    assert (drawn.version, drawn.error, drawn.mode) == (6, "M", "alphanumeric")


def test_the_svg_scales_with_its_box_and_needs_no_style() -> None:
    svg = qr_svg(CODE)
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == "0 0 49 49"  # 41 modules and four of white on each side
    assert root.get("width") is None
    assert "style" not in svg


def test_the_png_is_as_large_as_asked() -> None:
    png = qr_png(CODE, scale=3)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) == 49 * 3


def test_a_text_that_is_not_alphanumeric_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="alphanumeric"):
        qr_svg("km1:lower case")


def test_a_text_too_long_for_a_door_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="11 can be read here"):
        qr_svg("A" * 400)
