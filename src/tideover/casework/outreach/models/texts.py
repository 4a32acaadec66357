"""The life of a text: who wrote a version, and who else approved it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class TextVersion(models.Model):
    """A version of a text; a speaker of its language who did not write it approves it."""

    name = models.CharField(max_length=80)  # which text, and exactly its words: text@words
    number = models.IntegerField()
    source = models.TextField()
    author = models.CharField(max_length=150)
    written_at = models.DateTimeField(db_default=Now())
    approver = models.CharField(max_length=150, blank=True, default="")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "text_version"
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="one_text_a_number"),
            models.CheckConstraint(
                condition=Q(approver="") | ~Q(approver=F("author")), name="text_second_person"
            ),
        ]

    @property
    def text(self) -> str:
        """Return which text it is a version of, e.g. `help/short/nl/direct/plain`."""
        return self.name.partition("@")[0]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
