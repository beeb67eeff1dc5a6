"""Addresses of sign-in, below /accounts/: allauth's own views, those we need, each marked with who may open it."""

from allauth.account import views as account
from allauth.mfa.base import views as codes
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from kaimen.register.access import public, signed_in


@signed_in
def first_password(request: HttpRequest) -> HttpResponse:
    """Who has no password yet (a persona, a person who joined with a code) chooses one in their own file."""
    return redirect("register:password")


urlpatterns = [
    path("login/", public(account.login), name="account_login"),
    path("login/code/", public(codes.authenticate), name="mfa_authenticate"),  # after the password, before the session
    path("logout/", public(account.logout), name="account_logout"),
    path("signup/", public(account.signup), name="account_signup"),  # says how one comes to an account
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/", signed_in(account.password_change), name="account_change_password"),
    path("password/first/", first_password, name="account_set_password"),
    path("codes/", signed_in(codes.index), name="mfa_index"),
    path("codes/confirm/", signed_in(codes.reauthenticate), name="mfa_reauthenticate"),
    path("codes/on/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("codes/off/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/recovery/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/recovery/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/recovery/file/", signed_in(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
