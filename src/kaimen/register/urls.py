"""Addresses of the register."""

from django.urls import include, path

from kaimen.register import counter_views, joining_views, views

app_name = "register"
urlpatterns = [
    path("register/", joining_views.register, name="register"),
    path("join/", joining_views.join, name="join"),
    path("join/code/", joining_views.code, name="code"),
    path("me/", views.me, name="me"),
    path("me/consents/", views.give_consent, name="give-consent"),
    path("me/consents/<uuid:consent_id>/withdraw/", views.withdraw_consent, name="withdraw-consent"),
    path("me/password/", views.password, name="password"),
    path("people/", views.people, name="people"),
    path("people/viewings/", views.viewings, name="viewings"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("counter/", counter_views.counter, name="counter"),
    path("staff/", include("kaimen.register.staff_urls")),
    path("posts/<uuid:post_id>/", views.hold_post, name="hold-post"),
]
