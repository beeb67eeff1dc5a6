"""Addresses of this part."""

from django.urls import path

from kaimen.status import api, rules_try_views

app_name = "status"
urlpatterns = [
    path("rules/try/", rules_try_views.try_rule, name="try-rule"),
    path("api/status/", api.about, name="api-about"),
    path("api/status/evidence", api.take, name="api-evidence"),
    path("api/status/subjects", api.subject, name="api-subjects"),
    path("api/status/lists/<slug:name>", api.one_list, name="api-list"),
]
