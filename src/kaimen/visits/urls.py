"""Addresses of this part."""

from django.urls import path

from kaimen.visits import courier_views, views

app_name = "visits"
urlpatterns = [
    path("visits/", views.mine, name="mine"),
    path("visits/new/", views.new, name="new"),
    path("couriers/", courier_views.couriers, name="couriers"),
    path("couriers/new/", courier_views.new, name="courier-new"),
    path("couriers/<uuid:courier_id>/", courier_views.one, name="courier"),
    path("visits/today/", views.today, name="today"),
    path("visits/<uuid:visit_id>/", views.one, name="one"),
    path("visit/<str:token>/", views.guest, name="guest"),
]
