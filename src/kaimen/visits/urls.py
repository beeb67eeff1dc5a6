"""Addresses of this part."""

from django.urls import path

from kaimen.visits import views

app_name = "visits"
urlpatterns = [
    path("visits/", views.mine, name="mine"),
    path("visits/new/", views.new, name="new"),
    path("visits/today/", views.today, name="today"),
    path("visits/<uuid:visit_id>/", views.one, name="one"),
    path("visit/<str:token>/", views.guest, name="guest"),
]
