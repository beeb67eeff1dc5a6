"""The certificate of `make demo TLS=1`, and the mark by which a phone's user knows it."""

import hashlib
import ssl
from pathlib import Path

from kaimen.project.demo import certificate


def test_the_fingerprint_is_the_one_a_browser_shows(tmp_path: Path) -> None:
    public, _private = certificate.make(tmp_path, ["192.0.2.7"])
    der = ssl.PEM_cert_to_DER_cert(public.read_text())
    shown = certificate.fingerprint(public)
    assert shown.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
    assert len(shown.split(":")) == 32
