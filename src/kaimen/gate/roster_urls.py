"""Addresses of lists: a firm's, a building's, the desk's changes."""

from django.urls import path

from kaimen.gate import list_changes_views, roster_views

urlpatterns = [
    path("", roster_views.roster, name="roster"),
    path("paper/", roster_views.paper, name="paper-list"),
    path("changes/", list_changes_views.changes, name="list-changes"),
    path("changes/<uuid:employment_id>/<str:day>/", list_changes_views.change, name="list-change"),
    path("asked/<uuid:asked_id>/", list_changes_views.answer, name="list-change-answer"),
    path("asked/<uuid:asked_id>/decline/", list_changes_views.decline, name="list-change-decline"),
]
