"""Addresses of this part."""

from django.urls import path

from kaimen.gate import api

app_name = "gate"
urlpatterns = [
    path("api/gate/nodes", api.nodes, name="api-nodes"),
    path("api/gate/lists", api.lists, name="api-lists"),
    path("api/gate/lists/<str:code>", api.one_list, name="api-list"),
    path("api/gate/entries", api.entries, name="api-entries"),
]
