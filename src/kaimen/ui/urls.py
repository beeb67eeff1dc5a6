"""Addresses of the interface itself."""

from django.urls import path

from kaimen.ui import language, style

app_name = "ui"
urlpatterns = [
    path("language/", language.choose, name="language"),
    path("style/", style.components, name="style"),
]
