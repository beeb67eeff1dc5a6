"""What somebody who tries a rule is asked. Nothing of it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.rules import Expression, Refusal, RuleRefused, Vocabulary, parse
from kaimen.rules.limits import LONGEST_TEXT
from kaimen.status.rules_try import LineWrong, Marked, Row, marked, read_row, read_vocabulary
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm

_LONGEST = 12_000


class _Typed(forms.CharField):
    """Text of several lines, as it was typed: places in it are counted."""

    def __init__(self, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocapitalize": "off", "class": "typed"})
        super().__init__(strip=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """The text with one kind of line break."""
        return (super().to_python(value) or "").replace("\r\n", "\n").rstrip()


class TryForm(KaimenForm):
    """A rule, what it may speak of, a row, a day. After `is_valid`: `expression` and `row_read`, or `refusals`."""

    rule = ask(
        _Typed(4, label=_("Rule"), max_length=LONGEST_TEXT + 1_000),
        why=_("The condition to try, as it would stand in a pack."),
    )
    fields_text = ask(
        _Typed(6, label=_("Fields and values"), max_length=_LONGEST),
        why=_("What the rule may speak of. A line is “name: type absent”, or “name: type = value” for a dated value."),
    )
    row = ask(
        _Typed(5, label=_("Row of data"), max_length=_LONGEST, required=False),
        why=_(
            "Whom the rule is asked about. A line is “name = value”; what has no line is absent. Enter nobody’s data."
        ),
    )
    as_of = ask(forms.DateField(label=_("Day")), why=_("The day the rule is asked about: as_of in the rule."), width=10)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusals: tuple[Refusal, ...] = ()
        self.marked: list[Marked] = []
        self.expression: Expression | None = None
        self.row_read: Row = {}

    def clean_fields_text(self) -> Vocabulary:
        """What the rule may speak of."""
        try:
            return read_vocabulary(self.cleaned_data["fields_text"])
        except LineWrong as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        vocabulary = said.get("fields_text")
        if vocabulary is not None and "rule" in said:
            self._read_rule(said["rule"], vocabulary)
        if vocabulary is not None and "row" in said:
            self._read_row(said["row"], vocabulary)
        return said

    def _read_rule(self, text: str, vocabulary: Vocabulary) -> None:
        try:
            self.expression = parse(text, vocabulary)
        except RuleRefused as refused:
            self.refusals, self.marked = refused.refusals, marked(text, refused.refusals)
            for one in refused.refusals:
                where = format_lazy(_("Line {line}, column {column}: "), line=one.line, column=one.column)
                self.add_error("rule", f"{where}{one.to(get_language() or 'zh-hans')}")

    def _read_row(self, text: str, vocabulary: Vocabulary) -> None:
        try:
            self.row_read = read_row(text, vocabulary)
        except LineWrong as wrong:
            self.add_error("row", str(wrong))
