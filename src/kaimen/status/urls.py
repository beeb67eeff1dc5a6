"""Addresses of this part."""

from django.urls import include, path

from kaimen.status import api, counter_views, person_views, rules_try_views

app_name = "status"
urlpatterns = [
    path("me/colour/", person_views.own, name="own-colour"),
    path("me/colour/receipts/<uuid:decision_id>/", person_views.receipt, name="receipt"),
    path("me/colour/appeal/", person_views.appeal, name="appeal"),
    path("me/colour/correction/", person_views.correction, name="correction"),
    path("me/declare/", person_views.declare, name="declare"),
    path("me/declare/<slug:kind>/", person_views.declare_one, name="declare-one"),
    path("people/<uuid:person_id>/colour/", counter_views.colour, name="colour"),
    path("people/<uuid:person_id>/colour/elsewhere/", counter_views.elsewhere, name="colour-elsewhere"),
    path("rules/try/", rules_try_views.try_rule, name="try-rule"),
    path("api/status/", api.about, name="api-about"),
    path("api/status/evidence", api.take, name="api-evidence"),
    path("api/status/subjects", api.subject, name="api-subjects"),
    path("api/status/lists/<slug:name>", api.one_list, name="api-list"),
    path("", include("kaimen.status.desk_urls")),
    path("", include("kaimen.status.public_urls")),
]
