"""What is asked on the pages of the log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kaimen.proofs.notes import NotANote
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm
from kaimen.web import log_receipts

_LONGEST = 5_000  # characters: a receipt of the largest size has 4,200


class ReceiptForm(KaimenForm):
    """A receipt, and whose keys its reader trusts."""

    receipt = ask(
        forms.CharField(
            label=_("Receipt"),
            max_length=_LONGEST,
            strip=False,  # a space is a letter of the code
            widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "hash"}),
        ),
        why=_("The text of the code, from KR1: to its end. Your browser checks it; our server only if you tell it to."),
        autocomplete="off",
    )
    keys = ask(
        forms.CharField(
            label=_("Keys you trust"),
            max_length=8_000,
            widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "hash"}),
        ),
        why=_(
            "The log’s and its witnesses’, one a line. Here stand those we name; better are those a witness gave you."
        ),
        autocomplete="off",
    )

    def clean_receipt(self) -> str:
        """A receipt copied over several lines is one line; what stands before it does not count."""
        said: str = self.cleaned_data["receipt"]
        return "".join(said.splitlines()).lstrip()

    def clean_keys(self) -> Any:
        """The keys, read."""
        try:
            return log_receipts.read_keys(self.cleaned_data["keys"])
        except NotANote as error:
            raise forms.ValidationError(
                _("A line is no verifier key, name+hash+base64: %(what)s"), params={"what": str(error)}
            ) from error


class ReasonForm(KaimenForm):
    """Why an auditor wants the bundle with its openings."""

    reason = ask(
        forms.CharField(label=_("What it is for"), max_length=200),
        why=_("Whoever releases it decides by it, and it stays on record with your post."),
    )
