"""Every form of the product, and whether each field says who needs it and why."""

import importlib
import inspect
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django import forms
from django.utils.functional import Promise

from tests.architecture.sources import ROOT


def every_form() -> Iterator[type[forms.Form]]:
    """The form classes written in this repository."""
    for path in sorted((ROOT / "src" / "kaimen").glob("*/*forms*.py")):
        module = importlib.import_module(f"kaimen.{path.parent.name}.{Path(path).stem}")
        for _, thing in inspect.getmembers(module, inspect.isclass):
            if issubclass(thing, forms.Form) and thing.__module__ == module.__name__:
                yield thing


def complaints(classes: Iterable[type[forms.Form]]) -> Iterator[str]:
    """Fields that are asked without a reason, or with a label nobody can translate."""
    for form in classes:
        for name, field in _fields(form).items():
            if isinstance(field.widget, forms.HiddenInput):
                continue
            if not getattr(field, "why", ""):
                yield f"{form.__name__}.{name} does not say who needs it and why: ask(…, why=_(…))"
            if not isinstance(field.label, Promise):
                yield f"{form.__name__}.{name} has no label up for translation"


def _fields(form: type[forms.Form]) -> dict[str, forms.Field]:
    """The fields as they are asked. A form of another package gets our words when it is made."""
    make: Any = form
    for arguments in ({}, {"user": None}):
        with suppress(TypeError, AttributeError, KeyError):
            return dict(make(**arguments).fields)
    foreign = [base for base in form.__mro__ if base.__module__.startswith("allauth.")]
    inherited = {name for base in foreign for name in getattr(base, "base_fields", {})}
    return {name: field for name, field in form.base_fields.items() if name not in inherited}
