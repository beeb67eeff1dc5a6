"""Uploads of any size are met with an answer, never with a full disk.

A file above the limit is let go while it arrives: at most the limit is ever held, in a temporary file that goes with
the request. The rest of the form is read as usual, so that the page comes back with what was entered and the reason.
"""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

HOPELESS = 20  # times the limit: beyond that not even the rest of the form is worth reading


class TooLarge(UploadedFile):  # type: ignore[type-arg]
    """Stands in a form for a file that was let go: its name and size are known, its content is not."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(BytesIO(), name, "application/octet-stream", size)


class Bounded(FileUploadHandler):
    """First in the row of handlers: passes on what is within the limit for one request, all its files together."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.arrived = 0
        self.too_large = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 — Django calls it so
        content_length: int,
        boundary: str,
        encoding: Any = None,
    ) -> None:
        """Refuse at once what is far too large, before a byte of it is read."""
        if content_length > HOPELESS * settings.KAIMEN_UPLOAD_LIMIT:
            raise RequestDataTooBig(in_words(content_length))

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Another file of the same request begins."""
        super().new_file(*args, **kwargs)
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Pass a chunk on to the handlers behind, or let it go."""
        self.arrived += len(raw_data)
        if self.arrived > settings.KAIMEN_UPLOAD_LIMIT and not self.too_large:
            self.too_large = True
            self._drop_what_was_kept()
        return None if self.too_large else raw_data

    def _drop_what_was_kept(self) -> None:
        """Close the temporary file of the handler behind, which deletes it."""
        for handler in getattr(self.request, "upload_handlers", []):
            if file := getattr(handler, "file", None):
                file.close()

    def file_complete(self, file_size: int) -> TooLarge | None:
        """The stand-in for a file that was let go; None leaves a good file to the handlers behind."""
        return TooLarge(self.file_name or "?", file_size) if self.too_large else None


def in_words(size: int) -> str:
    """What is wrong with an upload of `size` bytes, and what would be right."""
    return _(
        "The file has %(size)s; at most %(limit)s can be taken. Split it, or leave out pictures and unused sheets."
    ) % {
        "size": filesizeformat(size),
        "limit": filesizeformat(settings.KAIMEN_UPLOAD_LIMIT),
    }


def check_size(upload: Any) -> None:
    """A validator for file fields: a file that was let go is an error in words."""
    if isinstance(upload, TooLarge):
        raise ValidationError(in_words(upload.size or 0), code="too_large")
