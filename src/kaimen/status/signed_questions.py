"""Whether a question truly comes from somebody who holds an enrolled key of a source, was asked just now, and once."""

import base64
import binascii
import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kaimen.kit import clock
from kaimen.kit.keys import PublicKey
from kaimen.status.models import SourceKey
from kaimen.status.refusals import Refused

DOMAIN = b"kaimen question 1\0"
TOLERANCE = timedelta(minutes=2)  # of real time; a drill's clock runs faster and so drifts further


class NotProved(Refused):
    """The question is not who it says it is from."""


def signed_text(path: str, time: str, body: bytes) -> bytes:
    """What is signed: the address, the time, and the hash of what is asked."""
    return DOMAIN + f"{path}\n{time}\n{hashlib.sha256(body).hexdigest()}".encode()


def asker(request: HttpRequest) -> SourceKey:
    """The enrolled key that signed this request. Raises NotProved."""
    try:
        raw = base64.b64decode(request.headers.get("Kaimen-Key", ""), validate=True)
        signature = base64.b64decode(request.headers.get("Kaimen-Signature", ""), validate=True)
        time = request.headers.get("Kaimen-Time", "")
        said_at = datetime.fromisoformat(time)
        if said_at.tzinfo is None:
            raise ValueError
    except (ValueError, binascii.Error) as error:
        message = _("This request is not signed.")
        remedy = _("Send the headers Kaimen-Key, Kaimen-Time (with a zone) and Kaimen-Signature.")
        raise NotProved("not-signed", message, remedy) from error
    key = SourceKey.objects.select_related("source", "post__person").filter(public_key=raw).first()
    if key is None:
        raise NotProved("unknown-key", _("Nobody has enrolled this key."), _("Enrol it on the page “Evidence”."))
    if not PublicKey.from_raw(raw).verifies(signature, signed_text(request.path, time, request.body)):
        raise NotProved(
            "signature",
            _("The signature does not hold."),
            _("Sign the domain, the path, the time and the body’s SHA-256 with the key you name."),
        )
    if abs(said_at - clock.now()) > TOLERANCE * max(1.0, clock.speed()):
        raise NotProved(
            "clock",
            _("Made at %(said)s; it is %(now)s here.") % {"said": time, "now": clock.now().isoformat()},
            _("Set the clock, and sign each request afresh."),
        )
    # Keyed on what was signed: an ECDSA signature has two valid forms.
    once = hashlib.sha256(raw + signed_text(request.path, time, request.body)).hexdigest()
    if not cache.add(f"status-question-{once}", True, int(2 * TOLERANCE.total_seconds())):
        raise NotProved("heard", _("This request was heard before."), _("Sign each request afresh."))
    return key
