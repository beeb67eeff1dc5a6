"""Addresses of the demonstration. They stand before all others: the home is the row of doors."""

from django.urls import path

from kaimen.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.home, name="home"),
    path("demo/personas/<slug:slug>/", views.enter, name="enter"),
    path("demo/outbox/", views.outbox, name="outbox"),
    path("demo/network/", views.network, name="network"),
    path("demo/network/live/", views.network_live, name="network-live"),
    path("demo/progress/", views.progress, name="progress"),
]
