"""Addresses of the front: the way in, the tour, search, health."""

from django.urls import path

from kaimen.web import log_bundles, log_pages, log_views, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("tour/", views.tour, name="tour"),
    path("search/", views.search, name="search"),
    path("health/", views.health, name="health"),
    path("log/", log_pages.standing, name="log"),
    path("log/check/", log_pages.check, name="log_check"),
    path("log/bundle/", log_pages.bundle, name="log_bundle"),
    path("log/bundles/", log_bundles.bundles, name="log_bundles"),
    path("log/bundles/<uuid:asked_id>/release/", log_bundles.release, name="log_bundle_release"),
    path("log/bundles/<uuid:asked_id>/take/", log_bundles.take, name="log_bundle_take"),
    path("log/checkpoint", log_views.checkpoint, name="log_checkpoint"),
    path("log/tile/<path:path>", log_views.tile, name="log_tile"),
    path("log/leaves/<int:index>/", log_views.leaf, name="log_leaf"),
    path("log/objects/<str:digest>", log_views.public_object, name="log_object"),
    path("log/openings/<path:path>", log_views.openings, name="log_openings"),
    path("log/cosignatures", log_views.cosignatures, name="log_cosignatures"),
]
