"""Addresses of what everybody may read about colours."""

from django.urls import path

from kaimen.status import public_views, rules_pages_views

urlpatterns = [
    path("colours/", public_views.colours, name="public-colours"),
    path("colours/exact/", public_views.exact, name="exact-colours"),
    path("rules/", rules_pages_views.index, name="rules"),
    path("rules/<slug:slug>/", rules_pages_views.status, name="rules-of"),
    path("rules/<slug:slug>/difference/", rules_pages_views.difference, name="rules-difference"),
    path("rules/<slug:slug>/<int:number>/", rules_pages_views.version, name="rules-version"),
]
