"""Components: what look.md names, one tag each, most drawn by a template of the same name in ui/components/."""

import json
import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.core.exceptions import ImproperlyConfigured
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kaimen.packs import Words
from kaimen.ui import controls, doors, static_files

register = template.Library()

KINDS = ("go", "care", "stop", "none", "info", "now")
RING = 2 * math.pi * 8  # the clock's circumference
SHORT = 0.2  # under a fifth of the time left, the clock turns to care


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise ImproperlyConfigured(f"there is no shape {kind!r}; there are {', '.join(KINDS)}")
    return kind


@register.simple_tag
def shape(kind: str, size: int = 22) -> SafeString:
    """The shape of a status, `size` px high. Beside a word, never instead of it."""
    return _shape(_kind(kind), size)


@lru_cache(maxsize=256)
def _shape(kind: str, size: int) -> SafeString:
    """Drawn once: a board has hundreds of them, of six kinds."""
    return render_to_string("ui/components/shape.html", {"kind": kind, "size": size})


@register.simple_tag
def status(kind: str, word: str, size: int = 18) -> SafeString:
    """Shape and word."""
    return format_html('<span class="st {}">{}<span>{}</span></span>', kind, _shape(_kind(kind), size), word)


@register.inclusion_tag("ui/components/meter.html")
def meter(numerator: float, denominator: float) -> dict[str, Any]:
    """A bar as long as the fraction; empty when there is nothing to divide by."""
    share = numerator / denominator if denominator else 0
    return {"width": f"{min(max(share, 0), 1) * 100:.2f}"}


@register.inclusion_tag("ui/components/figure.html")
def figure(  # noqa: PLR0913 — a rate never stands without all of these
    title: str,
    numerator: int,
    denominator: int,
    unit: str,
    cutoff: datetime | date | str = "",
    *,
    reason: str = "",
    places: int = 2,
) -> dict[str, Any]:
    """A rate with its fraction, population and cut-off. Of nobody there is no rate: a dash, and `reason`."""
    return {
        "title": title,
        "percent": percent(numerator, denominator, places),
        "numerator": numerator,
        "denominator": denominator,
        "unit": unit,
        "cutoff": cutoff,
        "dated": isinstance(cutoff, (date, datetime)),
        "reason": reason,
    }


@register.simple_tag
def percent(numerator: int, denominator: int, places: int = 1) -> str:
    """82.6, without the sign; empty when there is nothing to divide by."""
    if not denominator:
        return ""
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


@register.inclusion_tag("ui/components/clock.html")
def clock(words: str, share: float | None = None, state: str = "") -> dict[str, Any]:
    """A ring that empties: `share` of the time left, 0 to 1. `state` may be "over" or "pause"."""
    left = min(max(share or 0.0, 0.0), 1.0)
    state = state or ("care" if left < SHORT else "")
    return {"words": words, "state": state, "dash": f"{left * RING:.1f} {RING:.1f}"}


@register.inclusion_tag("ui/components/equation.html")
def equation(before: int, joined: int, left: int, base: str = "", result: str = "") -> dict[str, Any]:
    """今天 43 ＋ 加入 2 － 不来 1 ＝ 明天 44: what a person confirms by exception.

    `base` and `result` are the words for another day than today and tomorrow.
    """
    after = before + joined - left
    return {"before": before, "joined": joined, "left": left, "after": after, "base": base, "result": result}


@register.inclusion_tag("ui/components/receipt.html")
def receipt(title: str, at: datetime | str, rows: Sequence[tuple[str, Any]], check: str = "") -> dict[str, Any]:
    """What was recorded: rows of (word, value), and the check value."""
    return {"title": title, "at": at, "dated": isinstance(at, datetime), "rows": rows, "check": check}


@register.inclusion_tag("ui/components/steps.html")
def steps(steps: Sequence[Any]) -> dict[str, Any]:  # noqa: A002, RUF100
    """Steps in order: each has state (a kind of shape), title, when, words and perhaps parallel."""
    return {"steps": steps}


@register.inclusion_tag("ui/components/empty.html")
def nothing_yet(title: str, words: str = "", href: str = "", action: str = "") -> dict[str, Any]:
    """An empty place: what will come here, and one thing to do. (`empty` is a word of Django's own.)"""
    return {"title": title, "words": words, "href": href, "action": action}


@register.inclusion_tag("ui/components/late.html")
def late(title: str, words: str) -> dict[str, Any]:
    """Which source is late, how old its data are, what continues."""
    return {"title": title, "words": words}


@register.simple_block_tag
def why(content: str, kind: str) -> SafeString:
    """The block beside every colour: rule, evidence, expiry, appeal."""
    return format_html('<div class="why {}">{}</div>', _kind(kind), content)


@register.simple_block_tag
def note(content: str, kind: str = "info") -> SafeString:
    """A remark with a bar at its left in the colour of a status."""
    return format_html('<div class="note {}">{}</div>', _kind(kind), content)


@register.simple_block_tag
def confirmation(content: str, title: str) -> SafeString:
    """The green panel after something was done: what, its number, where it went."""
    return render_to_string("ui/components/confirmation.html", {"title": title, "content": content})


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*forms_shown: object) -> dict[str, Any]:
    """Every mistake of the page's forms, each a link to its field. Nothing when there is none."""
    found = [mistake for form in forms_shown if isinstance(form, forms.BaseForm) for mistake in controls.mistakes(form)]
    return {"mistakes": found}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A field's control with the classes and descriptions of Kaimen's forms."""
    return controls.draw(field)


@register.filter
def described_by(field: BoundField) -> str:
    """Ids of a field's why, help and error, those that are there."""
    return controls.described_by(field)


@register.filter
def control_kind(field: BoundField) -> str:
    """How a field is laid out: "group" (radios, checkboxes), "tick" (one checkbox), "hidden" or "plain"."""
    return controls.kind(field)


@register.inclusion_tag("ui/components/door.html")
def door(ajar: float, shade: int = 1) -> dict[str, Any]:
    """A door that stands open by `ajar` (0 to 1); `shade` is one of eight blues of its leaf."""
    return {"door": doors.door(ajar), "shade": (shade - 1) % 8 + 1}


@register.filter
def words(text: Words) -> str:
    """A text of the pack in the reader's language."""
    return text.to(get_language() or "zh-hans")


@register.inclusion_tag("ui/components/mark.html")
def mark(height: int = 26) -> dict[str, Any]:
    """开门: the word-mark, the leaf of 门 ajar."""
    return {"height": height, "width": round(height * 74 / 34)}


@register.inclusion_tag("ui/components/lang_switch.html", takes_context=True)
def lang_switch(context: template.Context) -> dict[str, Any]:
    """A button to the other language; the page stays where it is."""
    request = context.get("request")
    here = request.get_full_path() if request is not None and request.method == "GET" else getattr(request, "path", "/")
    english = (get_language() or "").startswith("en")
    other = ("zh-hans", "zh-Hans", "中文") if english else ("en", "en", "English")
    return {"code": other[0], "lang": other[1], "name": other[2], "next": here}


@register.simple_tag(takes_context=True)
def import_map(context: template.Context) -> SafeString:
    """The import map, before the first module script of the page."""
    request = context.get("request")
    names = json.dumps(static_files.import_map(), ensure_ascii=True).replace("<", "\\u003c")
    nonce = getattr(request, "csp_nonce", "")
    # The names are our own, and no "<" of theirs could end the script.
    return format_html('<script type="importmap" nonce="{}">{}</script>', nonce, mark_safe(names))  # noqa: S308
