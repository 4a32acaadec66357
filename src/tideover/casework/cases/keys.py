"""The keys of sealed columns: whether those at hand open what is there; rotation to a new one.

Refusing to start beats sending a letter to `k1:9f8a...`: whoever sends or serves names asks
`keys_open` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast

from tideover.casework.cases.models import SealKey
from tideover.casework.sealed import SealedField, mark, seal, sealed_with, unseal
from tideover.terms.faults import StepMissing

WORD, OF_MARKS = "tideover", "(marks)"


@dataclass(frozen=True)
class Column:
    """A sealed column of a table."""

    model: type[models.Model]
    name: str

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"

    @property
    def as_it_lies(self) -> models.QuerySet[Any]:
        """Return the rows with the column as the database has it, `raw`; empty ones left out."""
        rows = self.model._default_manager.annotate(raw=Cast(F(self.name), TextField()))
        return rows.exclude(raw="").exclude(raw=None).order_by("pk")


def sealed_columns() -> list[Column]:
    """Return every sealed column there is, whatever app it belongs to."""
    found = [
        Column(model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]
    return sorted(found, key=str)


def keys_open() -> None:
    """See that the keys at hand open what is sealed here, and make the same marks as before.

    It looks at one known word a key, and at the first and last value of each column: a fraction
    of a second, however much there is.

    Raises:
        StepMissing: They do not. Nothing that names a person may then be sent or served.
    """
    for proof in SealKey.objects.all():
        if proof.name == OF_MARKS:
            _same_marks(proof)
        elif unseal(proof.proof) != WORD:
            raise StepMissing("A key opens something else than it sealed", where=proof.name)
    for column in sealed_columns():
        for row in (column.as_it_lies.first(), column.as_it_lies.last()):
            if row is not None:
                unseal(row.raw)
    _keep_proof()


def _same_marks(proof: SealKey) -> None:
    if mark(WORD) != proof.proof:
        raise StepMissing(
            "The key of marks is another than before: an address that wants no messages would "
            "not be known again", where="TIDEOVER_MARK_KEY", mend="Give the key that was in use",
        )  # fmt: skip


def _keep_proof() -> None:
    """Keep a known word sealed with the first key, for the next start to try."""
    name = settings.SEAL_KEYS[0][0]
    if not SealKey.objects.filter(pk=name).exists():
        SealKey.objects.get_or_create(pk=name, defaults={"proof": seal(WORD)})
    if not SealKey.objects.filter(pk=OF_MARKS).exists():
        SealKey.objects.get_or_create(pk=OF_MARKS, defaults={"proof": mark(WORD)})


@dataclass(frozen=True)
class Progress:
    """How far a rotation is in one column."""

    column: str
    done: int
    left: int


def rotate(*, batch: int = 1_000, tell: Callable[[Progress], None] = lambda one: None) -> int:
    """Seal anew, with the first key, whatever another key sealed; return how many values.

    Each batch is a transaction, and what is done is done: killed, it goes on where it stopped.
    Readers and writers go on meanwhile; a value that changes under it is left as it became.
    """
    keys_open()
    done = sum(_rotated(column, batch, tell) for column in sealed_columns())
    _forget_proofs()
    return done


def _rotated(column: Column, batch: int, tell: Callable[[Progress], None]) -> int:
    done = 0
    for rows in _batches(column, batch):
        with transaction.atomic():
            done += sum(_resealed(column, row) for row in rows)
        tell(Progress(str(column), done, _old(column).count()))
    return done


def _old(column: Column) -> models.QuerySet[Any]:
    """Return what another key than the first sealed."""
    return column.as_it_lies.exclude(raw__startswith=f"{settings.SEAL_KEYS[0][0]}:")


def _batches(column: Column, batch: int) -> Iterator[list[Any]]:
    after = None
    while True:
        rows = _old(column) if after is None else _old(column).filter(pk__gt=after)
        found = list(rows.values_list("pk", "raw")[:batch])
        if not found:
            return
        after = found[-1][0]
        yield found


def _resealed(column: Column, row: tuple[Any, str]) -> int:
    pk, raw = row
    unchanged = column.as_it_lies.order_by().filter(pk=pk, raw=raw)
    return unchanged.update(**{column.name: unseal(raw)})


def _forget_proofs() -> None:
    """Forget keys that nothing is sealed with any more: they may now be taken away."""
    first = settings.SEAL_KEYS[0][0]
    used = {first, OF_MARKS}
    for column in sealed_columns():
        used |= {sealed_with(row.raw) for row in _old(column)[:1]}
    SealKey.objects.exclude(pk__in=used).delete()
