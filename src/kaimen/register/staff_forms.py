"""What a clerk is asked to bring a staff list."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kaimen.register import staff_actions
from kaimen.register.models import Post
from kaimen.register.staff_list import NotAStaffList
from kaimen.register.staff_models import StaffList
from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm
from kaimen.ui.spreadsheets import NotRead
from kaimen.ui.spreadsheets.words import explain

_ENDINGS = ".xlsx,.xls,.ods,.csv,.txt"


class StaffListForm(KaimenForm):
    """One file; what it is, its content says."""

    file = ask(
        forms.FileField(
            label=_("Staff list"),
            widget=forms.FileInput(attrs={"accept": _ENDINGS}),
            allow_empty_file=True,
            max_length=255,
        ),
        why=_("The building and its gates take names from it. Nothing is taken before you have seen it and confirmed."),
    )

    def bring(self, by: Post) -> StaffList | None:
        """The list, read and waiting; None when it cannot be read, with the reason at the field."""
        upload = self.cleaned_data["file"]
        assert isinstance(upload, UploadedFile)
        try:
            return staff_actions.bring(by, upload.name or "", upload.read())
        except NotRead as error:
            self.add_error("file", "{} {}".format(*explain(error)))
        except NotAStaffList as error:
            self.add_error("file", f"{error.message} {error.remedy}")
        return None
