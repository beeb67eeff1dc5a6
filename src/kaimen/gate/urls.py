"""Addresses of this part."""

from django.urls import include, path

from kaimen.gate import api, door_card_views, entry_views, node_views, pass_views, scan_views, scanner_views, views

app_name = "gate"
urlpatterns = [
    path("me/pass/", views.mine, name="own_pass"),
    path("me/pass/phone/", views.on_phone, name="on_phone"),
    path("pass/worker.js", pass_views.worker, name="pass-worker"),
    path("pass/<str:language>/", pass_views.shell, name="pass"),
    path("pass/<str:language>/manifest.webmanifest", pass_views.manifest, name="pass-manifest"),
    path("people/<uuid:person_id>/card/ic/", door_card_views.cards, name="door-cards"),
    path("people/<uuid:person_id>/card/ic/<uuid:card_id>/end/", door_card_views.end, name="door-card-end"),
    path("people/<uuid:person_id>/card/", views.card, name="card"),
    path("passes/<uuid:pass_id>/revoke/", views.revoke, name="revoke"),
    path("roster/", include("kaimen.gate.roster_urls")),
    path("gates/", scan_views.gates, name="gates"),
    path("gates/nodes/invite/", node_views.invite, name="invite"),
    path("gates/nodes/<uuid:node_id>/revoke/", node_views.revoke_node, name="revoke-node"),
    path("gates/<str:code>/scan/", scan_views.scan, name="scan"),
    path("gates/<str:code>/scan/state/", scan_views.state, name="scan-state"),
    path("gates/<str:code>/scanner/", scanner_views.enrol_phone, name="enrol-phone"),
    path("gates/<str:code>/entries/", entry_views.entries, name="entries"),
    path("api/gate/nodes", api.nodes, name="api-nodes"),
    path("api/gate/lists", api.lists, name="api-lists"),
    path("api/gate/lists/<str:code>", api.one_list, name="api-list"),
    path("api/gate/colours/<int:newer_than>", api.colours, name="api-colours"),
    path("api/gate/entries", api.entries, name="api-entries"),
    path("api/gate/shift-ends", scanner_views.end_of_shift, name="api-shift-ends"),
    path("scanner/worker.js", scanner_views.worker, name="scanner-worker"),
    path("scanner/<str:language>/", scanner_views.shell, name="scanner"),
    path("scanner/<str:language>/manifest.webmanifest", scanner_views.manifest, name="scanner-manifest"),
]
