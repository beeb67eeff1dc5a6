"""What the front asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm


class SearchForm(KaimenForm):
    """One box."""

    q = ask(
        forms.CharField(label=_("Name or number"), max_length=60),
        why=_("A person, a firm or a building: only what lies within your post is found. The words are not kept."),
        autocomplete="off",
        width=20,
    )
