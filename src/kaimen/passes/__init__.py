"""The credential: made, read and drawn. Pure: the centre, the node and a turnstile's maker use the same few lines."""

from kaimen.passes.credential import BadPass, Check, Reading, Reason, issue, read
from kaimen.passes.qr import PAPER, qr_png, qr_svg

__all__ = ["PAPER", "BadPass", "Check", "Reading", "Reason", "issue", "qr_png", "qr_svg", "read"]
