"""Addresses of the desks: sources, reviewers, rule-keepers."""

from django.urls import path

from kaimen.status import evidence_views

urlpatterns = [
    path("evidence/", evidence_views.home, name="evidence"),
    path("evidence/key/", evidence_views.enrol, name="evidence-key"),
    path("evidence/send/", evidence_views.send, name="evidence-send"),
    path("evidence/new/<slug:kind>/", evidence_views.new, name="evidence-new"),
    path("evidence/<uuid:evidence_id>/withdraw/", evidence_views.withdraw, name="evidence-withdraw"),
]
