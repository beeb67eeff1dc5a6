"""The credential: made, read and drawn. Pure: the centre, the node and a turnstile's maker use the same few lines."""

from kaimen.passes.credential import AHEAD, FRESH, issue, issue_to_phone, read, show
from kaimen.passes.issuers import EdKey, IssuerKey, keyring
from kaimen.passes.qr import PAPER, qr_png, qr_svg
from kaimen.passes.refusals import BadPass, Check, Reading, Reason

__all__ = [
    "AHEAD", "FRESH", "PAPER", "BadPass", "Check", "EdKey", "IssuerKey", "Reading", "Reason", "issue",
    "issue_to_phone", "keyring", "qr_png", "qr_svg", "read", "show",
]  # fmt: skip
