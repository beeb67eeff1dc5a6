"""Ways that bend time: what is dated back, kept alive, put forward, or shown again."""

from datetime import timedelta

from kaimen.colours import statements
from kaimen.colours.moments import moment
from kaimen.kit import clock
from tests.attacks.hands import Hands, Served


def dated_back(hands: Hands) -> Served:
    """Sign evidence as if it were three days old."""
    then = moment(clock.now() - timedelta(days=3))
    return hands.sends(hands.positive(made=then, seen=then))


def dated_back_logged(hands: Hands) -> Served:
    """The same past the door: into the log, with red for everybody."""
    then = moment(clock.now() - timedelta(days=3))
    envelopes = hands.positive(made=then, seen=then)
    hands.logs_evidence(envelopes)
    hands.turns_red([statements.read(envelopes[0]).statement.id], ("hospital", "cdc"))
    return None


def list_from_elsewhere(hands: Hands) -> Served:
    """Say that the list was computed before evidence was withdrawn, at a size that suits."""
    hands.publishes(log=5, as_of=moment(clock.now()) - 60_000)
    return None


def clock_put_forward(hands: Hands) -> Served:
    """Let the server’s clock run three days ahead, so that things end or count when it suits."""
    with clock.frozen(clock.now() + timedelta(days=3)):
        hands.turns_red()
        hands.signs()
    return None


def kept_alive(hands: Hands) -> Served:
    """Keep the red of those alive whose evidence has ended: stop the clock’s job and publish on."""
    hands.publishes([])
    return None


def list_dated_ahead(hands: Hands) -> Served:
    """Log and serve a red list that says to be of the day after tomorrow, so that no honest one is newer."""
    hands.publishes(as_of=moment(clock.now() + timedelta(days=2)))
    return None


def old_list_again(hands: Hands) -> Served:
    """Serve a list from before, of a time when somebody was red who is not any more."""
    return hands.kept
