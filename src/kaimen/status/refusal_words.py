"""What a source reads when its statement is not taken: for each code of `trust`, what is wrong and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kaimen.colours.trust import NotAdmitted
from kaimen.status.refusals import Refused

WORDS: dict[str, tuple[Promise | str, Promise | str]] = {
    "other-log": (_("It is made for another system."), _("Name the genesis of this one and sign it again.")),
    "not-a-statement-for-here": (
        _("Such a statement is not taken here."),
        _("Send evidence, a withdrawal or an approval."),
    ),
    "unknown-key": (_("No two authorities have accredited this key for this source."), _("Have it accredited first.")),
    "key-ended": (_("The accreditation of this key is over, or has not begun."), _("Have it renewed.")),
    "signature": (
        _("The signature does not hold."),
        _("Sign with the key you name, once, without changing a byte after."),
    ),
    "kind-not-accredited": (_("This key may not sign such evidence."), _("Sign what it is accredited for.")),
    "rules-not-published": (_("No rules are in force for it."), _("Wait until the authorities have published them.")),
    "other-rules": (_("The rules in force know no such status."), _("Name the status they define.")),
    "unknown-kind": (_("The rules in force know no such kind of evidence."), _("Read the rules in force again.")),
    "says": (_("A field is not what the rules want there."), _("Write it as the rules say.")),
    "late": (
        _("It was signed too long ago."),
        _("Send evidence soon after it is signed. Back-dated, it has no effect."),
    ),
    "from-the-future": (_("It says it was seen or signed in the future."), _("Set the clock of your machine.")),
    "lasts": (_("It would last longer than the rules allow from when it was seen."), _("Let it end earlier.")),
    "over": (_("It has ended already."), _("What is over has no effect; there is nothing to send.")),
    "other-person": (
        _("The number on the document is not that of the person it names."),
        _("Look the person up again with the document before you."),
    ),
    "not-known": (_("What it names is not here."), _("Look it up again.")),
    "not-theirs": (_("That evidence is of another source."), _("Only its own source takes evidence back.")),
    "same-organisation": (
        _("It comes from your own organisation."),
        _("Somebody of another organisation countersigns it."),
    ),
    "said-before": (_("This was said before."), _("Give each statement an id of its own.")),
    "too-few-authorities": (_("Too few authorities have signed."), _("Two sign together.")),
    "not-a-key": (_("This is no public key."), _("Send a P-256 point in its compressed form, 33 bytes.")),
    "period": (_("It ends before it begins."), _("Choose a later end.")),
}


def in_words(error: NotAdmitted) -> Refused:
    """The same refusal in the reader's language; `field` keeps what would be right, for programs."""
    message, remedy = WORDS[error.code]
    return Refused(error.code, str(message), str(remedy), field=error.should)
