"""Asking: every field says who needs the answer and why."""

from typing import Any, TypeVar

from django import forms
from django.utils.functional import Promise

from kaimen.ui.uploads import check_size

Field = TypeVar("Field", bound=forms.Field)
WHY = "why"  # the attribute a field carries

DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]


def ask(
    field: Field,
    *,
    why: str | Promise,
    autocomplete: str | None = None,
    inputmode: str | None = None,
    width: int | None = None,
) -> Field:
    """`field`, with who needs it and why (shown under its label); `width` is how many characters it looks made for."""
    if not why:
        raise ValueError("ask(why=…) is empty; say who needs the answer and for what")
    field.why = why  # type: ignore[attr-defined]
    field.width = width  # type: ignore[attr-defined]
    attrs: dict[str, Any] = {"autocomplete": autocomplete, "inputmode": inputmode}
    field.widget.attrs.update({name: value for name, value in attrs.items() if value})
    if isinstance(field, forms.FileField):
        field.validators.append(check_size)
    if isinstance(field, forms.DateField) and not isinstance(field, forms.DateTimeField):
        _as_browsers_write_dates(field)
    return field


def _as_browsers_write_dates(field: forms.DateField) -> None:
    """Show the browser's own calendar, and still read a date typed in an old browser."""
    field.input_formats = DATE_FORMATS
    if type(field.widget) is forms.DateInput:
        field.widget.input_type = "date"
        field.widget.format = "%Y-%m-%d"


def unexplained(form: type[forms.Form]) -> list[str]:
    """Names of fields a reader would see without a word about why they are asked."""
    return [
        name for name, field in form.base_fields.items() if not field.widget.is_hidden and not getattr(field, WHY, None)
    ]
