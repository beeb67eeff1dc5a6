"""Addresses of the desks: sources, reviewers, rule-keepers."""

from django.urls import path

from kaimen.status import appeals_views, authorities_views, batch_views, evidence_views

urlpatterns = [
    path("evidence/", evidence_views.home, name="evidence"),
    path("evidence/key/", evidence_views.enrol, name="evidence-key"),
    path("evidence/send/", evidence_views.send, name="evidence-send"),
    path("evidence/new/<slug:kind>/", evidence_views.new, name="evidence-new"),
    path("evidence/<uuid:evidence_id>/withdraw/", evidence_views.withdraw, name="evidence-withdraw"),
    path("evidence/many/<slug:kind>/", batch_views.many, name="evidence-many"),
    path("evidence/many/<slug:kind>/blank/", batch_views.blank, name="evidence-blank"),
    path("evidence/waiting/", batch_views.waiting, name="evidence-waiting"),
    path("evidence/waiting/<slug:name>/", batch_views.waiting, name="evidence-waiting-one"),
    path("evidence/declarations/", batch_views.declared, name="evidence-declared"),
    path("evidence/declarations/<uuid:declaration_id>/", batch_views.look, name="evidence-look"),
    path("authorities/", authorities_views.home, name="authorities"),
    path("authorities/key/", authorities_views.enrol, name="authorities-key"),
    path("authorities/accredit/<uuid:key_id>/", authorities_views.accredit, name="authorities-accredit"),
    path("authorities/end/<uuid:accreditation_id>/", authorities_views.end, name="authorities-end"),
    path("authorities/rules/", authorities_views.rules, name="authorities-rules"),
    path("authorities/rules/<slug:slug>/", authorities_views.rules, name="authorities-rules"),
    path("authorities/proposals/<uuid:proposal_id>/", authorities_views.proposal, name="proposal"),
    path("appeals/", appeals_views.home, name="appeals"),
    path("appeals/key/", appeals_views.enrol, name="appeals-key"),
    path("appeals/<uuid:appeal_id>/", appeals_views.one, name="appeals-one"),
    path("appeals/corrections/<uuid:correction_id>/", appeals_views.correction, name="appeals-correction"),
]
