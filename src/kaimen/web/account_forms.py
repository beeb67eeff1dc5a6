"""allauth's forms, asking as Kaimen asks: a label, who needs it and why."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kaimen.ui.fields import ask


def _say(field: forms.Field, label: str | Promise, why: str | Promise) -> None:
    """Put our words on a field allauth made."""
    field.label, field.help_text = label, ""  # type: ignore[assignment]  # a lazy translation is what Django expects
    field.widget.attrs.pop("placeholder", None)
    ask(field, why=why)


class SignIn(LoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], _("User name"), _("The one your office gave you; it says which posts are yours."))
        _say(self.fields["password"], _("Password"), _("Proves that it is you. Nobody at Kaimen ever asks for it."))
        self.fields.pop("remember", None)


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The present password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["oldpassword"], _("Present password"), _("So that an unlocked screen is not enough."))
        _say(self.fields["password1"], _("New password"), _("At least 10 characters, and not a common one."))
        _say(self.fields["password2"], _("New password, again"), _("Guards against a slip of the finger."))


class ConfirmPassword(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Password"), _("So that an unlocked screen is not enough."))


def _say_code(field: forms.Field, why: str | Promise) -> None:
    _say(field, _("One-time code"), why)
    field.widget.attrs |= {"autocomplete": "one-time-code", "inputmode": "text"}


class OneTimeCode(AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Six digits from your authenticator app, or one of your recovery codes."))


class ConfirmCode(MfaReauthenticateForm):  # type: ignore[misc]
    """A one-time code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Six digits from your authenticator app, or one of your recovery codes."))


class SwitchOnCodes(ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which proves that the app was set up right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("Six digits the app shows for Kaimen: they prove that it is set up right."))
