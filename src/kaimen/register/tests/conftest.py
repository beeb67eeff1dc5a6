"""What the register's tests share: numbers that can belong to nobody, and an ear for messages."""

from collections.abc import Callable
from typing import Any

import pytest

from kaimen.kit import effects

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.fixture
def synthetic_id() -> Callable[..., str]:
    """`synthetic_id(7)`: the seventh ID number of a district there is not, with its check character."""

    def make(serial: int, born: str = "19900101") -> str:
        body = f"370299{born}{serial:03}"
        return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]

    return make


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[dict[str, Any]]:
    """Every text sent, in order, instead of notify; the worker's turn comes at once."""
    sent: list[dict[str, Any]] = []
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    monkeypatch.setitem(effects._effects, "send-text", lambda **about: sent.append(about))
    return sent
