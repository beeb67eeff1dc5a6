"""How allauth behaves here: accounts are made by an officer, never by a passer-by."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with a user name and a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "User name and password do not fit together. Check both; after five wrong tries you wait five minutes."
        ),
        "too_many_login_attempts": _("Too many wrong tries. Try again in five minutes, or ask your counter for help."),
        "incorrect_password": _("This is not your present password. Type the one you signed in with."),
        "enter_current_password": _("This is not your present password. Type the one you signed in with."),
        "incorrect_code": _("This code does not hold. Type the six digits the app shows now."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people join with the code sent to their phone, or at a counter."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether to go on to `url` after signing in; what is no address at all ("//[") is not safe either."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail goes out through notify alone, in the pack's words."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """One-time codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not hold. Type the six digits the app shows now, or a recovery code."),
    }

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """As above: notify alone sends mail."""
