"""The components pages are made of."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from kaimen.packs import Words
from kaimen.ui.doors import door


def draw(source: str, language: str = "en", **about: Any) -> str:
    with translation.override(language):
        return Template(source).render(Context(about))


def test_a_status_is_a_shape_and_a_word() -> None:
    html = draw('{% status "care" "desk" %}')
    assert "<svg" in html
    assert "desk" in html
    assert 'aria-hidden="true"' in html


def test_every_status_has_a_shape_of_its_own() -> None:
    kinds = ("go", "care", "stop", "none", "info", "now")
    outlines = {re.sub(r"sh-\w+|gl-\w+", "", draw(f'{{% shape "{kind}" %}}')) for kind in kinds}
    assert len(outlines) == len(kinds)


def test_a_shape_nobody_knows_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ImproperlyConfigured, match="go, care, stop"):
        draw('{% shape "red" %}')


def test_the_printed_rate_is_computed() -> None:
    html = draw('{% figure "Rate" 8327 10083 "firms" at %}', at=datetime(2020, 3, 15, 14, tzinfo=UTC))
    assert "82.58" in html
    assert "8,327" in html
    assert "10,083" in html
    assert "3-15 22:00" in html


def test_of_nobody_there_is_no_rate_but_a_dash_and_the_reason() -> None:
    html = draw('{% figure "Rate" 0 0 "people" reason="no roster today" %}')
    assert "—" in html
    assert "no roster today" in html
    assert "%" not in re.sub(r"<[^>]*>", "", html)


@pytest.mark.parametrize(
    ("numerator", "denominator", "width"), [(1, 4, "25.00"), (0, 0, "0.00"), (5, 4, "100.00"), (8327, 10083, "82.58")]
)
def test_a_bar_is_as_long_as_the_fraction(numerator: int, denominator: int, width: str) -> None:
    assert f'class="meter-part" width="{width}"' in draw("{% meter n d %}", n=numerator, d=denominator)


def test_a_clock_empties_and_turns_to_care_under_a_fifth() -> None:
    assert 'class="ck "' in draw('{% clock "6 days" 0.8 %}')
    assert 'class="ck care"' in draw('{% clock "1 hour" 0.15 %}')
    assert "<path" in draw('{% clock "waits" 0 "pause" %}')


def test_the_equation_adds_up() -> None:
    assert "<b>44</b>" in draw("{% equation 43 2 1 %}")


def test_words_of_a_pack_are_said_in_the_readers_language() -> None:
    text = Words("门岗", "Guard")
    assert draw("{{ text|words }}", "zh-hans", text=text) == "门岗"
    assert draw("{{ text|words }}", "en", text=text) == "Guard"


def test_what_stands_in_a_block_is_escaped() -> None:
    html = draw('{% why "stop" %}{{ text }}{% endwhy %}{% confirmation text %}x{% endconfirmation %}', text="<script>")
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2


def test_the_import_map_carries_the_nonce_and_names_the_packages() -> None:
    request = RequestFactory().get("/")
    request.csp_nonce = "n1"  # type: ignore[attr-defined]
    html = Template("{% import_map %}").render(RequestContext(request))
    found = re.fullmatch(r'<script type="importmap" nonce="n1">(.*)</script>', html)
    assert found
    names = json.loads(found.group(1))["imports"]
    assert {"htmx.org", "zxing-wasm/reader", "ui/live"} <= names.keys()


def test_the_language_switch_stays_on_the_page() -> None:
    page = Template("{% lang_switch %}").render(RequestContext(RequestFactory().get("/tour/?a=1&b=2")))
    assert 'value="/tour/?a=1&amp;b=2"' in page
    posted = Template("{% lang_switch %}").render(RequestContext(RequestFactory().post("/join/?a=1")))
    assert 'value="/join/"' in posted


def test_a_door_shows_less_of_its_leaf_the_farther_it_is_open() -> None:
    def edge(ajar: float) -> float:
        return float(re.findall(r"L([\d.]+)", door(ajar).leaf)[0])

    assert edge(0) == 109
    assert edge(0) > edge(0.3) > edge(0.8) > 23
    assert edge(7) == edge(1) == 23
