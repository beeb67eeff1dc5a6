"""Addresses of the board."""

from django.urls import path

from kaimen.board import day_views, inspection_views, views

app_name = "board"
urlpatterns = [
    path("", views.now, name="now"),
    path("live/", views.live, name="live"),
    path("wall/", views.wall, name="wall"),
    path("buildings/", views.buildings, name="buildings"),
    path("buildings/<str:code>/", views.building, name="building"),
    path("buildings/<str:code>/live/", views.building_live, name="building-live"),
    path("firms/", views.firms, name="firms"),
    path("days/", day_views.days, name="days"),
    path("days/compare/", day_views.compare, name="compare"),
    path("days/<str:day>/", day_views.day, name="day"),
    path("days/<str:day>/bytes/", day_views.content, name="content"),
    path("inspections/", inspection_views.home, name="inspections"),
    path("inspections/key/", inspection_views.enrol, name="inspection-key"),
    path("inspections/<str:code>/", inspection_views.one, name="inspect"),
    path("inspections/<str:code>/<slug:kind>/", inspection_views.one, name="sign"),
]
