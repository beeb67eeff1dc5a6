"""Uploads of any size are met with an answer."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from pytest_django import Settings

from kaimen.ui.fields import ask
from kaimen.ui.forms import KaimenForm
from kaimen.ui.uploads import TooLarge

BOUNDARY = "kaimen"
MEGABYTE = 1024 * 1024


class Import(KaimenForm):
    firm = ask(forms.CharField(label="Firm"), why="the register")
    staff = ask(forms.FileField(label="Staff list"), why="the register")


class Stream(io.RawIOBase):
    """A body that is made while it is read, and looks at the disk meanwhile."""

    def __init__(self, size: int, folder: Path) -> None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="staff"; filename="名单.xlsx"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        tail = (
            f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="firm"\r\n\r\n云汀渡船厂\r\n--{BOUNDARY}--\r\n'
        )
        self.parts = [head.encode(), *[bytes(MEGABYTE)] * size, tail.encode()]
        self.length = sum(map(len, self.parts))
        self.rest = b""
        self.folder, self.most_on_disk, self.was_read = folder, 0, 0

    def read(self, size: int = -1) -> bytes:
        on_disk = sum(path.stat().st_size for path in self.folder.iterdir())
        self.most_on_disk = max(self.most_on_disk, on_disk)
        if not self.rest and self.parts:
            self.rest = self.parts.pop(0)
        cut = len(self.rest) if size < 0 else size
        piece, self.rest = self.rest[:cut], self.rest[cut:]
        self.was_read += len(piece)
        return piece


@contextmanager
def upload(stream: Stream) -> Iterator[WSGIRequest]:
    """The request a server would make of the stream; its files go with it, as they do in a server."""
    request = RequestFactory().post("/", content_type=f"multipart/form-data; boundary={BOUNDARY}")
    request.environ["wsgi.input"] = stream
    request.META["CONTENT_LENGTH"] = str(stream.length)
    arrived = WSGIRequest(request.environ)
    yield arrived
    arrived.close()


@pytest.fixture
def limit(settings: Settings, tmp_path: Path) -> Path:
    settings.KAIMEN_UPLOAD_LIMIT = 10 * MEGABYTE
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


def test_a_hundred_megabytes_fill_no_disk_and_lose_nothing_entered(limit: Path) -> None:
    stream = Stream(100, limit)
    with upload(stream) as request:
        form = Import(request.POST, request.FILES)
        assert not form.is_valid()
    [words] = form.errors["staff"]
    assert "文件有 100.0" in words
    assert "最多能收 10.0" in words
    assert form["firm"].value() == "云汀渡船厂"
    assert 0 < stream.most_on_disk <= 10 * MEGABYTE


def test_a_file_within_the_limit_arrives_whole(limit: Path) -> None:
    with upload(Stream(9, limit)) as request:
        form = Import(request.POST, request.FILES)
        assert form.is_valid()
        assert form.cleaned_data["staff"].size == 9 * MEGABYTE


def test_what_is_hopelessly_large_is_not_even_read(limit: Path) -> None:
    stream = Stream(201, limit)
    with upload(stream) as request, pytest.raises(RequestDataTooBig, match=r"10\.0.MB"):
        _ = request.POST
    assert stream.was_read == 0


def test_several_files_of_one_request_share_the_limit(limit: Path) -> None:
    part = '--{}\r\nContent-Disposition: form-data; name="{}"; filename="{}.xlsx"\r\n\r\n'
    stream = Stream(0, limit)
    seven = bytes(7 * MEGABYTE)
    stream.parts = [part.format(BOUNDARY, "a", "a").encode(), seven, b"\r\n"]
    stream.parts += [part.format(BOUNDARY, "b", "b").encode(), seven, f"\r\n--{BOUNDARY}--\r\n".encode()]
    stream.length = sum(map(len, stream.parts))
    with upload(stream) as request:
        first, second = request.FILES.getlist("a"), request.FILES.getlist("b")
        assert [file.size for file in first] == [7 * MEGABYTE]
        assert [type(file) for file in second] == [TooLarge]
