"""What the guard's pages show: each gate with its node and its list; one answer, ready to be read at a glance."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kaimen.gate import enrolment, local_time, paper_list, queries, snapshots
from kaimen.gate.asking_nodes import Answer
from kaimen.gate.models import Node
from kaimen.gate.queries import NodeState
from kaimen.register import access
from kaimen.register.models import Place, Post

_KINDS = {"enter": "go", "desk": "care", "refuse": "stop"}
_WORDS = {"enter": _("ENTER"), "desk": _("DESK"), "refuse": _("REFUSE")}


@dataclass(frozen=True)
class Gate:
    """One place with gates, as the list of gates shows it."""

    place: Place
    nodes: list[NodeState]
    number: int  # of its name list
    expected: int
    inside: int
    not_renewed: int  # firms whose last list counts, as they filed none for today

    @property
    def revision(self) -> int:
        """The list's number without its day: how often it changed."""
        return self.number % snapshots.CHANGES_A_DAY


def gates_of(post: Post) -> list[Gate]:
    """The places with a gate profile within a post's scope, those with a node or people first."""
    today = local_time.today()
    places = list(access.visible(post, Place).exclude(profile="").select_related("parent").order_by("path"))
    nodes: dict[str, list[NodeState]] = {}
    standing = Node.objects.filter(places__in=places).exclude(revocation__reason=enrolment.SHIFT_ENDED)
    for state in queries.node_states(standing.distinct().order_by("name")):
        for code in state.codes:
            nodes.setdefault(code, []).append(state)
    numbers = snapshots.list_numbers(places)
    codes = [place.code for place in places]
    expected, inside = queries.expected_today(today, codes), queries.inside(today, codes)
    stale = paper_list.not_renewed(today, places)
    gates = [
        Gate(
            place,
            nodes.get(place.code, []),
            numbers[place.code],
            expected.get(place.code, 0),
            inside.get(place.code, 0),
            stale.get(place.code, 0),
        )
        for place in places
    ]
    return [gate for gate in gates if gate.nodes or gate.expected or gate.place.parent is None]


@dataclass(frozen=True)
class Shown:
    """A node's answer in the guard's language."""

    answer: Answer

    @property
    def kind(self) -> str:
        """The shape and colour: go, care or stop."""
        return _KINDS[self.answer.verdict]

    @property
    def word(self) -> str:
        """The word that fills the screen."""
        return str(_("OUT") if self.answer.reason == "left" else _WORDS[self.answer.verdict])

    @property
    def line(self) -> str:
        """Why, for the guard."""
        return _said(self.answer.guard)

    @property
    def also(self) -> list[str]:
        """What else holds, for the guard: it decides nothing."""
        return [_said(words) for words in self.answer.also]

    @property
    def person_line(self) -> str:
        """Why, to read out or show to the person."""
        return _said(self.answer.person_words)

    @property
    def organisation(self) -> str:
        """The person's firm."""
        return _said(self.answer.organisation)

    @property
    def at(self) -> datetime:
        """When it was decided, in local time."""
        return self.answer.at.astimezone(local_time.zone())


def _said(words: object) -> str:
    assert isinstance(words, dict)
    english = (get_language() or "").startswith("en")
    return str(words.get("en" if english else "zh-Hans") or words.get("zh-Hans") or "")
