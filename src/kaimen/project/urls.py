"""Every address, part by part."""

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("", include("kaimen.web.urls")),
    path("", include("kaimen.ui.urls")),
    path("", include("kaimen.register.urls")),
    path("", include("kaimen.status.urls")),
    path("", include("kaimen.gate.urls")),
    path("", include("kaimen.incidents.urls")),
    path("", include("kaimen.visits.urls")),
    path("", include("kaimen.residence.urls")),
    path("board/", include("kaimen.board.urls")),
    path("messages/", include("kaimen.notify.urls")),
    path("accounts/", include("kaimen.web.account_urls")),
]
if apps.is_installed("kaimen.demo"):
    urlpatterns.insert(0, path("", include("kaimen.demo.urls")))

handler400 = "kaimen.ui.errors.bad_request"
handler403 = "kaimen.ui.errors.not_allowed"
handler404 = "kaimen.ui.errors.not_found"
handler500 = "kaimen.ui.errors.failed"
