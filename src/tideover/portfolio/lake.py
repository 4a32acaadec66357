"""The lake: a folder of Parquet parts in buckets, and the manifest that says which ones count.

A part never changes once the manifest names it. A load writes new parts beside the old ones and
then replaces the manifest, so a crash leaves the old state or the new one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import md5
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.portfolio.engine import Engine
from tideover.portfolio.files import appearing, write_whole
from tideover.terms.tables import TABLES, Table

# bucket of a row = the first eight hex digits of md5(id), as a number, modulo the bucket count;
# id is account_id, or customer_id for the tables of customers; other tables are bucket 0.
BUCKET_SQL = "(('0x' || substr(md5({id}), 1, 8))::BIGINT % {buckets})::INTEGER"

_ARROW = {
    "string": pa.string(), "date": pa.date32(), "datetime": pa.timestamp("us", "UTC"),
    "money": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "integer": pa.int32(),
}  # fmt: skip

# The day of an instant at the account's own place, worked out once, at intake.
LOCAL_DAYS = {
    "payments": ("received_at", "received_on"),
    "contacts": ("occurred_at", "occurred_on"),
    "promises": ("made_at", "made_on"),
}

# What a night reads of the tables of customers, beside their keys and versions.
OF_CUSTOMERS = {
    "customers": ("segment", "language"),
    "contact_points": ("channel", "consent", "consent_at", "preferred"),
    "circumstances": ("account_id", "kind", "starts_on", "ends_on"),
}
# The utility's own facts are about a customer or an account, and lie in no bucket of theirs.
OF_SUBJECTS = {"facts": ("name", "value", "starts_on", "ends_on")}

VERSION_COLUMNS = (
    ("load_no", pa.int32()),        # the load that brought this version
    ("until_load_no", pa.int32()),  # the load that replaced or withdrew it; null while it stands
    ("known_from", pa.date32()),    # first day on which it is what was known
    ("known_until", pa.date32()),   # first day on which it no longer is; null while it stands
    ("row_hash", pa.int64()),       # of all its columns as text, to tell an unchanged row
)  # fmt: skip


def bucket_of(key: str, buckets: int) -> int:
    """Return the bucket of one id, as BUCKET_SQL says it.

    Example:
        >>> bucket_of("a-1", 16)
        10
    """
    digest = md5(key.encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % buckets


def lake_schema(table: Table) -> pa.Schema:
    """Return a table's schema in the lake: no identity, money in minor units, versions."""
    fields = [("account_no", pa.int64())] if table.owner == "account_id" else []
    fields += [(c.lake_name, _ARROW[c.kind]) for c in table.columns if not c.identity]
    if table.name in LOCAL_DAYS:
        fields.append((LOCAL_DAYS[table.name][1], pa.date32()))
    return pa.schema([*fields, *VERSION_COLUMNS])


def vault_schema(table: Table) -> pa.Schema:
    """Return a table's schema in the vault: its key and its identity columns, versions."""
    fields = [
        (c.name, _ARROW[c.kind])
        for c in table.columns
        if c.identity or c.name in table.key or c.name == table.owner
    ]
    return pa.schema([*fields, *VERSION_COLUMNS])


@dataclass
class Manifest:
    """Which parts count, and what each load brought."""

    version: int = 0
    buckets: int = 0
    next_account_no: int = 1
    last_exported_at: str = ""
    parts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    doubts: str = ""
    quarantine: str = ""
    loads: list[dict[str, Any]] = field(default_factory=list)

    @property
    def journals(self) -> tuple[int, ...]:
        """Return the numbers of the loads that brought casework's own rows."""
        return tuple(load["load_no"] for load in self.loads if "journal" in load)

    @property
    def last_export(self) -> dict[str, Any]:
        """Return the last load of an export; casework's own rows say nothing of its age."""
        return next(load for load in reversed(self.loads) if "journal" not in load)


@dataclass(frozen=True)
class Lake:
    """What has been accepted so far.

    Args:
        root: The workspace's `lake` folder; the vault lies beside it.
        manifest: The state this reader sees, whatever is loaded meanwhile.
        gathered: Where the rows of customers lie again by the buckets of their accounts.
    """

    root: Path
    manifest: Manifest
    gathered: Path | None = None

    @classmethod
    def open(cls, root: Path) -> Lake:
        """Return the lake as its manifest stands; an empty one where there is none."""
        path = root / "manifest.json"
        if not path.is_file():
            return cls(root, Manifest())
        return cls(root, Manifest(**json.loads(path.read_text(encoding="utf-8"))))

    @property
    def vault(self) -> Path:
        """Where identity lies."""
        return self.root.parent / "vault"

    def folder(self, table: str, bucket: int) -> Path:
        """Return the folder of a table's bucket."""
        return self.root / table / f"bucket={bucket}"

    def parts(self, table: str, bucket: int | None = None) -> list[Path]:
        """Return a table's parts, of one bucket or of all."""
        by_bucket = self.manifest.parts.get(table, {})
        wanted = by_bucket if bucket is None else {str(bucket): by_bucket.get(str(bucket), [])}
        return [self.folder(table, int(b)) / name for b, names in wanted.items() for name in names]

    def vault_parts(self, table: str) -> list[Path]:
        """Return a table's identity parts; they mirror those of the lake."""
        return [self.vault / part.relative_to(self.root) for part in self.parts(table)]

    def show(
        self, engine: Engine, tables: Sequence[str], bucket: int | None = None, *,
        only: str = "true",
    ) -> None:  # fmt: skip
        """Make views of tables in the engine, named as the tables are.

        Args:
            bucket: Only the accounts of this bucket, and their customers where these are gathered;
                tables of nobody's are whole.
            only: An SQL condition on account_no: a sample, or those that changed.
        """
        for name in tables:
            table = TABLES[name]
            of_accounts = table.owner == "account_id"
            parts = self.parts(name, bucket if of_accounts else None)
            gathers = table.owner == "customer_id" or name in OF_SUBJECTS
            whose = self.gathered is not None and bucket is not None and gathers
            if self.gathered and whose:
                parts = sorted((self.gathered / name / f"bucket={bucket}").glob("*.parquet"))
            kept = only if of_accounts else "true"
            engine.view(name, parts, lake_schema(table), only=kept, fill=whose)

    def gather(
        self, engine: Engine, tables: Sequence[str], folder: Path, *,
        only: Sequence[pa.Array] | None = None,
    ) -> Lake:  # fmt: skip
        """Lay the rows of customers out by the buckets of their accounts, in a folder.

        Customers have buckets of their own; reading all of them for every bucket of accounts
        would cost more than linearly.

        Args:
            only: For each bucket the accounts whose customers are wanted; all where not given.
        """
        unfinished = folder.with_name(f"gathering-{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        homes = self._homes(only, "customer_id")
        engine.view_arrow("homes", homes)
        if any(self.parts(name) for name in OF_SUBJECTS):
            engine.view_arrow("subjects", _subjects(homes, self._homes(only, "account_id")))
        for name in tables:
            keys, columns, at_home = ["customer_id"], OF_CUSTOMERS.get(name), "homes"
            if name in OF_SUBJECTS:
                keys, columns, at_home = ["subject", "subject_id"], OF_SUBJECTS[name], "subjects"
            if columns and self.parts(name):
                # under a name of its own: an engine may remember the columns of a name
                engine.view(f"{name}_whole", self.parts(name), lake_schema(TABLES[name]))
                versions = [column for column, _ in VERSION_COLUMNS if column != "row_hash"]
                rows = engine.table(f"{name}_whole").select(*keys, *columns, *versions)
                both = rows.join(engine.table(at_home), on=keys)
                engine.scatter(both, unfinished / name, by="bucket")
        unfinished.rename(folder)
        return Lake(self.root, self.manifest, folder)

    def _homes(self, only: Sequence[pa.Array] | None, owner: str) -> pa.Table:
        """Return the buckets in which each owner, a customer or an account, has accounts or had.

        Args:
            owner: The column of accounts that names it.
        """
        schema = pa.schema([(owner, pa.string()), ("bucket", pa.int32())])
        found = [schema.empty_table()]
        for bucket in range(self.manifest.buckets):
            for part in self.parts("accounts", bucket):
                accounts = pq.ParquetFile(part).read(columns=["account_no", owner])
                if only is not None:
                    accounts = accounts.filter(pc.is_in(accounts["account_no"], only[bucket]))
                known = accounts[owner].unique()
                here = pa.repeat(pa.scalar(bucket, pa.int32()), len(known))
                found.append(pa.table([known, here], schema=schema))
        homes = pa.concat_tables(found)
        in_parts = max(len(self.parts("accounts", b)) for b in range(self.manifest.buckets))
        return homes if in_parts < 2 else homes.group_by(schema.names).aggregate([])

    def commit(self, manifest: Manifest) -> Lake:
        """Make another state the one that counts, at once or not at all."""
        write_whole(self.root / "manifest.json", json.dumps(asdict(manifest), indent=1))
        return Lake(self.root, manifest)


def _subjects(customers: pa.Table, accounts: pa.Table) -> pa.Table:
    """Return the buckets of what facts are about: subject, subject_id, bucket."""
    named = [
        pa.table({"subject": pa.repeat(subject, homes.num_rows), "subject_id": homes.column(0),
                  "bucket": homes["bucket"]})
        for subject, homes in (("customer", customers), ("account", accounts))
    ]  # fmt: skip
    return pa.concat_tables(named)


def known(frame: Any, engine: Engine) -> Any:
    """Return the version of each row that was known at the end of the day the engine is at.

    The first version of a row is known since ever: before the first load nothing else was said.
    """
    return frame.where(was_known(engine))


def was_known(engine: Engine) -> Any:
    """Say of a version whether it was known at the end of the day the engine is at."""
    day, col = engine.ago(), engine.F.col
    return (col("known_from") <= day) & (col("known_until").isNull() | (col("known_until") > day))


def standing(frame: Any, engine: Engine) -> Any:
    """Return the version of each row that stands now; for rows that carry their own dates."""
    return frame.where(stands(engine))


def stands(engine: Engine) -> Any:
    """Say of a version whether it stands now."""
    return engine.F.col("known_until").isNull()


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file that is either absent, old, or complete, whatever happens meanwhile."""
    with appearing(path) as unfinished:
        # Words that recur are worth a dictionary; numbers and ids cost more than they save.
        recur = [f.name for f in table.schema if f.type == pa.string() and f.name[-3:] != "_id"]
        pq.write_table(table, unfinished, compression="lz4", use_dictionary=recur,
                       write_statistics=False)  # fmt: skip
