"""The effect other parts may set off here."""

from typing import Any

from kaimen.kit.effects import effect
from kaimen.notify import actions
from kaimen.register.models import Person


@effect("send-text")
def send_text(**about: Any) -> None:
    """`send-text`: send the pack's text `text` to the person `to`; what is left fills the placeholders."""
    text, to = about.pop("text"), about.pop("to")
    assert isinstance(to, Person)
    actions.send(text, to, **about)
