"""Addresses of this part."""

from django.urls import path

from kaimen.incidents import dispute_views, report_views, views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.desk, name="desk"),
    path("incidents/watch/", views.watch, name="watch"),
    path("incidents/<uuid:incident_id>/", views.one, name="one"),
    path("incidents/<uuid:incident_id>/take/", views.take, name="take"),
    path("gates/<str:code>/report/", report_views.report, name="report"),
    path("me/refused/", dispute_views.own, name="own"),
    path("staff/refused/", dispute_views.staff, name="staff"),
    path("staff/refused/<uuid:employment_id>/", dispute_views.staff_one, name="staff-one"),
    path("people/<uuid:person_id>/refused/", dispute_views.person, name="person"),
]
