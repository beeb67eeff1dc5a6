"""Named effects: one name, one function, and a slip says what there is."""

from typing import Any

import pytest

from kaimen.kit import effects

Calls = list[dict[str, Any]]


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """A registry with nothing in it but `issue-pass`."""
    monkeypatch.setattr(effects, "_effects", {})
    calls: Calls = []

    @effects.effect("issue-pass")
    def issue_pass(**about: Any) -> None:
        """Issue a pass."""
        calls.append(about)

    return calls


def test_a_fired_effect_gets_what_it_is_about(fired: Calls) -> None:
    effects.fire("issue-pass", person="1", reason="x")
    assert fired == [{"person": "1", "reason": "x"}]


def test_a_name_nobody_registered_is_refused_with_those_there_are(fired: Calls) -> None:
    with pytest.raises(effects.UnknownEffect, match="issue-pass"):
        effects.fire("isue-pass")


def test_a_name_is_taken_once(fired: Calls) -> None:
    with pytest.raises(ValueError, match="already"):
        effects.effect("issue-pass")(lambda **about: None)


def test_an_effect_says_what_it_does(fired: Calls) -> None:
    assert effects.names() == ["issue-pass"]
    assert effects.about("issue-pass") == "Issue a pass."
