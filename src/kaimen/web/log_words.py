"""What the script that checks a receipt says, in the reader's language: by the reason it gives."""

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """Each reason of receipt.js, and what the page says of it."""
    return {
        "noEd25519": _(
            "The entry and its path fit together, but this browser cannot check Ed25519 signatures. "
            "Use a newer browser or the command below, or let the server check."
        ),
        "noCrypto": _("Over http a page may do no cryptography. Open it over https, or let the server check."),
        "nobody": _(
            "No witness whose key stands above has signed it. "
            "The log alone has: it could show somebody else another history."
        ),
        "noCode": _("No code was found in the picture. Take it closer and straight, or paste the text."),
        "notAReceipt": _("This is no receipt, or not the whole of one. Copy all of it, from KR1: to the end."),
        "notAKey": _("A line of the keys is no verifier key, name+hash+base64."),
        "noLog": _("No log whose key stands above has signed it."),
        "path": _("The path is not that of this place in a tree of this size."),
        "signature": _("A signature does not hold: log or witness has not signed this."),
        "leaf": _("The entry is no entry of a log."),
        "opening": _("What the receipt shows is not what the entry committed to."),
    }
