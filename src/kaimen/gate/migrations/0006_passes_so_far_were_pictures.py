"""A phone's pass was a picture until now: what may have been copied stays one, until its owner moves it."""

from typing import Any

from django.db import migrations


def pictures(apps: Any, schema_editor: Any) -> None:
    """Give every phone pass that exists the carrier it had."""
    passes, carriers = apps.get_model("gate", "Pass"), apps.get_model("gate", "Carrier")
    missing = passes.objects.filter(kind="phone", carrier=None).values_list("pk", flat=True)
    carriers.objects.bulk_create((carriers(carried_id=pk) for pk in missing), batch_size=100)


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = [("gate", "0005_passes_on_phones")]
    operations = [migrations.RunPython(pictures, migrations.RunPython.noop)]
