"""Forms that ask as Kaimen asks: label, who needs it and why, the error, the field; nothing entered is lost."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kaimen.ui.fields import unexplained


class Renderer(TemplatesSetting):
    """Draws forms with the site's templates, in which `ui/forms/…` stands for Django's own."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"


class KaimenForm(forms.Form):
    """The form to derive from. A field that does not say why it is asked stops the program from starting."""

    use_required_attribute = False  # the answer comes from us, in words, with a list of what to put right

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared: dict[str, forms.Field] = getattr(cls, "declared_fields", {})
        bare = [n for n, f in declared.items() if not f.widget.is_hidden and not getattr(f, "why", None)]
        if bare:
            raise TypeError(f"{cls.__name__} asks {', '.join(bare)} without saying why; wrap each in ask(…, why=…)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _say_what_is_missing(field, field.label or name)


def _say_what_is_missing(field: forms.Field, label: Any) -> None:
    """Name the field in its own complaint: "this field" means nothing in a list at the top of a page."""
    if (
        "required" in (field.error_messages or {})
        and field.error_messages["required"] != forms.Field.default_error_messages["required"]
    ):
        return
    words = _("{label}: choose one") if isinstance(field, forms.ChoiceField) else _("{label} is empty; fill it in")
    field.error_messages["required"] = format_lazy(words, label=lazystr(label))


__all__ = ["KaimenForm", "Renderer", "unexplained"]
