"""Drawing form controls: Django's widgets with the classes, descriptions and states that Kaimen's forms have."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

Kind = Literal["plain", "group", "tick", "hidden"]

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (  # the first that fits
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.ClearableFileInput, "govuk-file-upload"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.Widget, "govuk-input"),
)
WIDTHS = (2, 3, 4, 5, 10, 20, 30)  # govuk-frontend has these, in characters


class Mistake(NamedTuple):
    """One line of the error summary."""

    words: str
    href: str  # where the field is; empty when the mistake is the form's as a whole


def kind(field: BoundField) -> Kind:
    """How a field is laid out."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "plain"


def draw(field: BoundField) -> SafeString:
    """The control, described by its hint and its error."""
    widget = field.field.widget
    css = [next(name for base, name in CLASSES if isinstance(widget, base))]
    if field.errors and kind(field) == "plain":
        css.append(f"{css[0]}--error")
    if (width := getattr(field.field, "width", None)) and css[0] == "govuk-input":
        css.append(f"govuk-input--width-{next((w for w in WIDTHS if w >= width), 30)}")
    attrs: dict[str, Any] = {"class": " ".join([*css, widget.attrs.get("class", "")]).strip()}
    if kind(field) in ("plain", "tick") and (ids := described_by(field)):
        attrs["aria-describedby"] = ids
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", widget.attrs.get("rows", 5))
    return field.as_widget(attrs=attrs)


def described_by(field: BoundField) -> str:
    """Ids of what describes a field, in the order it is read."""
    base = field.id_for_label or field.auto_id or field.html_name
    present = {
        "why": bool(getattr(field.field, "why", None)),
        "help": bool(field.help_text),
        "error": bool(field.errors),
    }
    return " ".join(f"{base}_{part}" for part, there in present.items() if there)


def mistakes(form: forms.BaseForm) -> Iterator[Mistake]:
    """Every mistake of a form, in the order of its fields; those of the whole form first."""
    for words in form.non_field_errors():
        yield Mistake(str(words), "")
    for field in form:
        href = f"#{_first_control(field)}" if not field.field.widget.is_hidden else ""
        yield from (Mistake(str(words), href) for words in field.errors)


def _first_control(field: BoundField) -> str:
    """The id a link can lead to: of a group, its first choice."""
    if kind(field) == "group":
        return f"{field.auto_id}_0"
    return field.id_for_label or str(field.auto_id)
