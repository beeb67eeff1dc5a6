"""Addresses of the front: the way in, the tour, search, health."""

from django.urls import path

from kaimen.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("tour/", views.tour, name="tour"),
    path("search/", views.search, name="search"),
    path("health/", views.health, name="health"),
]
