"""Addresses of the staff pages."""

from django.urls import path

from kaimen.register import staff_views

urlpatterns = [
    path("", staff_views.staff, name="staff"),
    path("<uuid:employment_id>/left/", staff_views.left, name="staff-left"),
    path("import/", staff_views.bring, name="staff-import"),
    path("import/sample.xlsx", staff_views.sample, name="staff-sample"),
    path("import/<uuid:list_id>/", staff_views.staff_list, name="staff-list"),
    path("import/<uuid:list_id>/take/", staff_views.take, name="staff-take"),
    path("import/<uuid:list_id>/drop/", staff_views.drop, name="staff-drop"),
    path("import/<uuid:list_id>/marked.xlsx", staff_views.marked, name="staff-marked"),
]
