"""Addresses of the board."""

from django.urls import path

from kaimen.board import views

app_name = "board"
urlpatterns = [
    path("", views.now, name="now"),
    path("live/", views.live, name="live"),
    path("wall/", views.wall, name="wall"),
    path("buildings/", views.buildings, name="buildings"),
    path("buildings/<str:code>/", views.building, name="building"),
    path("buildings/<str:code>/live/", views.building_live, name="building-live"),
    path("firms/", views.firms, name="firms"),
]
