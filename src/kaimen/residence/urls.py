"""Addresses of this part."""

from django.urls import path

from kaimen.residence import firm_pass_views, views

app_name = "residence"
urlpatterns = [
    path("households/", views.units, name="units"),
    path("households/firm-passes/", firm_pass_views.desk, name="firm-passes"),
    path("households/firm-passes/<uuid:asked_id>/", firm_pass_views.answer, name="answer-firm-pass"),
    path("firm-passes/", firm_pass_views.own, name="own-firm-passes"),
    path("households/of/<uuid:household_id>/", views.household, name="household"),
    path("households/cards/<uuid:card_id>/lost/", views.replace, name="replace"),
    path("households/<str:code>/", views.unit, name="unit"),
    path("households/<str:code>/new/", views.new, name="new"),
    path("households/<str:code>/cards/", views.sheets, name="sheets"),
]
