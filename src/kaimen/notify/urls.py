"""Addresses of messages, below /messages/."""

from django.urls import path

from kaimen.notify import views

app_name = "notify"
urlpatterns = [
    path("", views.messages, name="messages"),
    path("<uuid:message_id>/", views.message, name="message"),
    path("deliveries/", views.deliveries, name="deliveries"),
    path("letters/", views.letters, name="letters"),
    path("letters/<uuid:delivery_id>/", views.letter, name="letter"),
    path("letters/<uuid:delivery_id>/printed/", views.printed, name="printed"),
]
