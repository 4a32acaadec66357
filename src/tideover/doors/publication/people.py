"""Who owes, and how they can be reached: from lake and vault, sealed, into casework.

This is no part of a night: it is what the export says today. So it is brought up to date a piece
at a time, before the night is put in place. What did not change is not written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.casework.access.erasure import suppressed
from tideover.casework.cases.models import Erasure, Suppression
from tideover.casework.outreach.addresses import marked
from tideover.casework.sealed import seal, unseal
from tideover.doors.journal.words import OURS
from tideover.doors.publication.ahead import ahead
from tideover.doors.publication.messages import Reachable
from tideover.doors.publication.optouts import opted_out
from tideover.doors.publication.store import Store
from tideover.portfolio.lake import Lake

AT_ONCE = 20_000
PERSON = ("customer_id", "name", "postcode", "birth_date", "language", "segment")
POINT = ("contact_point_id", "person_id", "channel", "address", "address_mark", "consent",
         "preferred", "verified", "failed_at")  # fmt: skip
_SEALED = ("name", "postcode", "birth_date")
Tell = Callable[[str], None]


def without_erased(people: pa.Table) -> pa.Table:
    """Return customers but for those who were erased: an export may still name them.

    Table in: customer_id and whatever else
    """
    gone = pa.array(list(Erasure.objects.values_list("customer_id", flat=True)), pa.string())
    return people.filter(pc.invert(pc.is_in(people["customer_id"], gone)))


def _silenced(told: pa.Table) -> pa.Table:
    """Return contact points, consent withdrawn where an address asked for silence, whoever has it.

    Table in: channel, address_mark, consent and whatever else
    """
    addresses = list(zip(told["channel"].to_pylist(), told["address_mark"].to_pylist(),
                         strict=True))  # fmt: skip
    silent = suppressed(addresses) if Suppression.objects.exists() else set()
    if not silent:
        return told
    wanted = pa.array([address in silent for address in addresses])
    return _replaced(told, "consent", pc.if_else(wanted, "withdrawn", told["consent"]))


def _replaced(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)


@dataclass
class People:
    """Brings the people of some accounts into casework, and says how each can be reached.

    Args:
        customers: customer_id and postcode, one row each.
        country: Where numbers without a country are.
    """

    store: Store
    lake: Lake
    customers: pa.Table
    country: str
    tell: Tell
    _points: list[pa.Table] = field(default_factory=list)
    _languages: list[pa.Table] = field(default_factory=list)

    def bring(self) -> Reachable:
        """Write persons and their contact points, a bucket at a time."""
        self.store.stage("person", PERSON)
        self.store.stage("contact_point", POINT)
        self.store.stage("contact_point", POINT[:2], name="known_point")
        self.store.stage("person", PERSON[:1], name="known_person")
        self.store.fill("known_person", self.customers.select(["customer_id"]))
        refused = opted_out()
        buckets = range(self.lake.manifest.buckets)
        for number, (persons, points) in enumerate(ahead(map(self._read, buckets)), 1):
            self._persons(persons)
            self._reach(points, refused)
            self.tell(f"people of bucket {number} of {len(buckets)}")
        self.store.settle("known_point", "known_person")
        self.store.put(_LOST_POINTS)
        failed = self.store.rows(_FAILED_POINTS)
        return Reachable(_best(self._points, pa.array([row[0] for row in failed], pa.string())),
                         pa.concat_tables([_NO_LANGUAGES, *self._languages]))  # fmt: skip

    def _read(self, bucket: int) -> tuple[pa.Table, pa.Table]:
        """Return the persons and the contact points of a bucket, from lake and vault."""
        return self._persons_of(bucket), self._points_of(bucket)

    def _persons_of(self, bucket: int) -> pa.Table:
        """Return persons, as rows of person."""
        found = self._of("customers", bucket, ["customer_id", "language", "segment"])
        vault = self._of("customers", bucket, ["customer_id", "name", "birth_date"], secret=True)
        named = vault.take(pc.index_in(found["customer_id"], vault["customer_id"].combine_chunks()))
        place = pc.index_in(found["customer_id"], self.customers["customer_id"].combine_chunks())
        return pa.table({
            "customer_id": found["customer_id"], "name": _filled(named["name"]),
            "postcode": _filled(self.customers["postcode"].take(place)),
            "birth_date": _filled(named["birth_date"]), "language": _filled(found["language"]),
            "segment": pc.fill_null(found["segment"], "residential"),
        })  # fmt: skip

    def _persons(self, found: pa.Table) -> None:
        if not found.num_rows:
            return
        self._languages.append(found.select(["customer_id", "language"]))
        for start in range(0, found.num_rows, AT_ONCE):
            self.store.fill("person", self._changed(found.slice(start, AT_ONCE)))
        self.store.put(_UPSERT_PERSON)
        self.store.empty("person")

    def _changed(self, found: pa.Table) -> pa.Table:
        """Return the persons that are new or no longer as casework has them, sealed."""
        statement, value = _among("person", PERSON, found["customer_id"].to_pylist())
        known = {row[0]: (*(unseal(text) if text else "" for text in row[1:4]), *row[4:])
                 for row in self.store.rows(statement, [value])}  # fmt: skip
        rows = [row for row in zip(*(found[name].to_pylist() for name in PERSON), strict=True)
                if known.get(row[0]) != row[1:]]  # fmt: skip
        columns = dict(zip(PERSON, zip(*rows, strict=True), strict=True)) if rows else {}
        for name in _SEALED:
            columns[name] = tuple(seal(text) if text else "" for text in columns.get(name, ()))
        return pa.table({name: pa.array(columns.get(name, ()), pa.string()) for name in PERSON})

    def _points_of(self, bucket: int) -> pa.Table:
        """Return contact points, as rows of contact_point; which are new the database knows.

        A mark is of the address as it is sent to, so that a reply finds whose it is.
        """
        columns = ["contact_point_id", "customer_id", "channel", "consent", "preferred", "verified"]
        found = self._of("contact_points", bucket, columns)
        found = found.filter(pc.invert(pc.starts_with(found["contact_point_id"], OURS)))
        vault = self._of("contact_points", bucket, ["contact_point_id", "address"], secret=True)
        ids = vault["contact_point_id"].combine_chunks()
        place = pc.index_in(found["contact_point_id"], ids)
        addresses = _filled(vault["address"].take(place)).to_pylist()
        written = zip(found["channel"].to_pylist(), addresses, strict=True)
        marks = [marked(channel, text, self.country) for channel, text in written]
        return pa.table({
            "contact_point_id": found["contact_point_id"], "person_id": found["customer_id"],
            "channel": found["channel"], "consent": found["consent"],
            "preferred": pc.fill_null(found["preferred"], False),
            "verified": pc.fill_null(found["verified"], False),
            "address": pa.array([seal(text) for text in addresses], pa.string()),
            "address_mark": pa.array(marks, pa.string()),
        })  # fmt: skip

    def _reach(self, found: pa.Table, refused: pa.Array) -> None:
        if not found.num_rows:
            return
        at = pc.binary_join_element_wise(found["person_id"], found["channel"], " ")
        consent = pc.if_else(pc.is_in(at, refused), "withdrawn", found["consent"])
        told = _silenced(_replaced(found, "consent", consent))
        self.store.fill("contact_point", told)
        self.store.fill("known_point", told.select(["contact_point_id", "person_id"]))
        self.store.put(_UPSERT_POINT)
        self.store.empty("contact_point")
        kept = told.filter(pc.not_equal(told["consent"], "withdrawn"))
        self._points.append(kept.select(_RANKED))

    def _of(self, table: str, bucket: int, columns: list[str], *, secret: bool = False) -> pa.Table:
        """Return the versions that stand of these customers' rows, from lake or vault."""
        wanted = self.customers["customer_id"].combine_chunks()
        parts = self.lake.parts(table, bucket)
        if secret:
            parts = [self.lake.vault / part.relative_to(self.lake.root) for part in parts]
        return standing_rows(parts, columns, ("customer_id", wanted))


def standing_rows(parts: list[Path], columns: list[str],
                  only: tuple[str, pa.Array] | None = None) -> pa.Table:  # fmt: skip
    """Return the versions that stand, of some columns; of all rows, or of those among some ids."""
    schema = pa.schema([(name, _KINDS.get(name, pa.string())) for name in columns])
    found = [rows.cast(schema) for rows in _standing(parts, columns, only)]
    return pa.concat_tables([schema.empty_table(), *found])


_KINDS = {"preferred": pa.bool_(), "verified": pa.bool_(), "birth_date": pa.date32(),
          "starts_on": pa.date32(), "ends_on": pa.date32(), "due_on": pa.date32(),
          "received_on": pa.date32(), "posted_on": pa.date32(), "holiday_on": pa.date32(),
          "received_at": pa.timestamp("us", "UTC"),
          "made_at": pa.timestamp("us", "UTC"), "amount_minor": pa.int64(),
          "load_no": pa.int32()}  # fmt: skip


def _standing(parts: list[Path], columns: list[str],
              only: tuple[str, pa.Array] | None) -> Iterator[pa.Table]:  # fmt: skip
    asked = [*columns, "known_until"] + ([only[0]] if only and only[0] not in columns else [])
    for part in parts:
        rows = pq.ParquetFile(part).read(columns=asked)
        kept = pc.is_null(rows["known_until"])
        if only:
            kept = pc.and_(kept, pc.is_in(rows[only[0]], only[1]))
        yield rows.filter(kept).select(columns)


def _filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column.cast(pa.string()), "")


def _among(table: str, columns: tuple[str, ...], ids: list[str]) -> tuple[str, object]:
    """Return a statement for the rows with some keys, and the value that it takes."""
    import json

    from django.db import connection

    listed = f"SELECT {', '.join(columns)} FROM {table} WHERE {columns[0]}"
    if connection.vendor == "postgresql":
        return f"{listed} = ANY(%s)", ids
    return f"{listed} IN (SELECT value FROM json_each(%s))", json.dumps(ids)


_RANKED = ["preferred", "verified", "contact_point_id", "person_id", "channel"]


def _best(points: list[pa.Table], failed: pa.Array) -> pa.Table:
    """Return the best usable point of each person and channel: at, contact_point_id."""
    found = pa.concat_tables(points) if points else _NO_POINTS
    found = found.filter(pc.invert(pc.is_in(found["contact_point_id"], failed)))
    found = found.sort_by([("preferred", "ascending"), ("verified", "ascending"),
                           ("contact_point_id", "descending")])  # fmt: skip
    at = pc.binary_join_element_wise(found["person_id"], found["channel"], " ").to_pylist()
    best = dict(zip(at, found["contact_point_id"].to_pylist(), strict=True))  # the last one counts
    return pa.table({"at": pa.array(best.keys(), pa.string()),
                     "contact_point_id": pa.array(best.values(), pa.string())})  # fmt: skip


_NO_POINTS = pa.schema([
    ("preferred", pa.bool_()), ("verified", pa.bool_()),
    *((name, pa.string()) for name in ("contact_point_id", "person_id", "channel")),
]).empty_table()  # fmt: skip
_NO_LANGUAGES = pa.schema([("customer_id", pa.string()), ("language", pa.string())]).empty_table()

_UPSERT_PERSON = (
    f"INSERT INTO person ({', '.join(PERSON)}) SELECT {', '.join(PERSON)} FROM staged_person "
    "WHERE true ON CONFLICT (customer_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in PERSON[1:])
)  # fmt: skip
_SAID = ("person_id", "channel", "address_mark", "consent", "preferred", "verified")
_SAME_ADDRESS = "contact_point.address_mark = excluded.address_mark"
# A point that led nowhere still leads nowhere, until its address is another one.
_UPSERT_POINT = (
    f"INSERT INTO contact_point ({', '.join(POINT)}) SELECT {', '.join(POINT)} "
    "FROM staged_contact_point WHERE true ORDER BY contact_point_id "
    "ON CONFLICT (contact_point_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _SAID)
    + f", address = CASE WHEN {_SAME_ADDRESS} THEN contact_point.address "
    "ELSE excluded.address END, "
    f"failed_at = CASE WHEN {_SAME_ADDRESS} THEN contact_point.failed_at END WHERE "
    + " OR ".join(f"contact_point.{name} <> excluded.{name}" for name in _SAID)
)  # fmt: skip
_LOST_POINTS = (
    "UPDATE contact_point SET failed_at = CURRENT_TIMESTAMP WHERE failed_at IS NULL "
    f"AND contact_point_id NOT LIKE '{OURS}%' "
    "AND person_id IN (SELECT customer_id FROM staged_known_person) "
    "AND contact_point_id NOT IN (SELECT contact_point_id FROM staged_known_point)"
)
_FAILED_POINTS = "SELECT contact_point_id FROM contact_point WHERE failed_at IS NOT NULL"
