"""Addresses of this part."""

from django.urls import path

from kaimen.residence import views

app_name = "residence"
urlpatterns = [
    path("households/", views.units, name="units"),
    path("households/of/<uuid:household_id>/", views.household, name="household"),
    path("households/cards/<uuid:card_id>/lost/", views.replace, name="replace"),
    path("households/<str:code>/", views.unit, name="unit"),
    path("households/<str:code>/new/", views.new, name="new"),
    path("households/<str:code>/cards/", views.sheets, name="sheets"),
]
