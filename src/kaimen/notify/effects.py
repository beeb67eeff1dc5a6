"""The effect other parts may set off here."""

from typing import Any

from kaimen.kit.effects import effect
from kaimen.notify import actions
from kaimen.register.models import Person


@effect("send-text")
def send_text(**about: Any) -> None:
    """`send-text`: send the pack's text `text` to the person `to`; what is left fills the placeholders.

    With `at` the text message goes to that number instead of the one on file; `to` may then be None.
    """
    text, to, at = about.pop("text"), about.pop("to"), about.pop("at", None)
    assert isinstance(to, Person) or (to is None and at is not None)
    actions.send(text, to, at=at, **about)
