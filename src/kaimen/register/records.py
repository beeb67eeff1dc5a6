"""What every row of Kaimen has in common."""

from django.db import models
from django.utils.translation import get_language

from kaimen.kit import clock, ids


class Record(models.Model):
    """A row with a UUIDv7 and the time it was made."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class Titled(models.Model):
    """Something with a name in both languages; the English one may be missing."""

    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title(get_language() or "zh-hans")

    def title(self, language: str) -> str:
        """The name in `language`; the Chinese one where there is no other."""
        return self.name_en if language.startswith("en") and self.name_en else self.name
