"""`kaimen work` outlives what passes, and nothing else."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from kaimen.schedule.management.commands import work

pytestmark = pytest.mark.django_db


def failing(monkeypatch: pytest.MonkeyPatch, *says: str) -> list[str]:
    """Let the worker of tasks fail in these words, one after the other, then end; gives the words left to say."""
    left = list(says)

    def db_worker(*_args: Any, **_options: Any) -> None:
        if left:
            raise OperationalError(left.pop(0))

    monkeypatch.setattr(work, "call_command", db_worker)
    return left


def test_a_database_that_is_locked_for_long_does_not_end_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    left = failing(monkeypatch, "database is locked", "database table is locked")
    call_command("work")
    assert left == []


def test_a_disk_that_is_full_does(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "database or disk is full")
    with pytest.raises(OperationalError, match="full"):
        call_command("work")
