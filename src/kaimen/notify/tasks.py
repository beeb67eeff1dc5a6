"""What the worker does with deliveries. A task may run twice: what was settled once stays so."""

from uuid import UUID

from django_tasks import task

from kaimen.notify.carriers import carry


@task()
def deliver(delivery_id: str) -> str:
    """Carry one delivery to its channel; answers with the state it ended in."""
    return carry(UUID(delivery_id))
