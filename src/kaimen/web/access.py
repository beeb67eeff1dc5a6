"""The place of search in the bar; web has no permissions of its own."""

from django.utils.translation import gettext_lazy as _

from kaimen.ui import navigation

navigation.add(70, "web:search", _("Search"), "board.see")
navigation.add(60, "web:log_bundles", _("Auditor’s bundles"), "ledger.release_bundle")
