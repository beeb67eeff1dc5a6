"""Cells of the board's tables, worked out in one step each: a page has hundreds of them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kaimen.kit.rates import Rate

register = template.Library()


@register.filter
def rate_cell(rate: Rate) -> SafeString | str:
    """Per cent beside its fraction; a dash where there is nobody to count."""
    percent = rate.percent(1)
    if percent is None:
        return "—"
    return format_html("{}<i>%</i><small>{}/{}</small>", percent, f"{rate.numerator:,}", f"{rate.denominator:,}")
