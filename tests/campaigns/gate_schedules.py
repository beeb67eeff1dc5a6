"""However batches are lost, held up, doubled and mixed, and whoever crashes, the centre holds each entry once."""

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from kaimen_gate.tests.schedules import Schedules

PART = "gate"
ROUNDS = 300
EACH = 15


def prove(number: int) -> int:
    """One round: schedules of its own."""
    machine = seed(number)(type(f"Schedules{number}", (Schedules,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EACH,
            stateful_step_count=50,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
        ),
    )
    return EACH
