"""The same definitions on Spark: `engine.name = "spark"`; needs the extra `spark` and Java."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark.sql.functions as spark_functions
from pyspark.sql import SparkSession
from pyspark.sql import Window as SparkWindow
from pyspark.sql.pandas.types import from_arrow_schema

from tideover.portfolio.engine import Column, Frame, Kernel
from tideover.terms.calendar import month_end_before

SHARE = "share__"  # which of the tasks an account's rows go to


class SparkEngine:
    """Spark, local or a cluster; a definition is made anew for every day and every set of rows."""

    F: Any = spark_functions
    Window: Any = SparkWindow

    def __init__(self, *, scratch: Path, master: str = "local[2]", partitions: int = 4) -> None:
        # Workers must find the packages of this interpreter.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._scratch, self._partitions = scratch, partitions
        scratch.mkdir(parents=True, exist_ok=True)
        self._spark = (
            SparkSession.builder.master(master).appName("tideover")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", str(partitions))
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
            .getOrCreate()
        )  # fmt: skip
        self._spark.sparkContext.setLogLevel("ERROR")
        self.as_of = date.min
        self._given = 0

    def view(
        self, name: str, parts: Sequence[Path], schema: pa.Schema, *, only: str = "true",
        fill: bool = False,
    ) -> None:  # fmt: skip
        """Name the rows of Parquet parts, or those an SQL condition keeps.

        No parts is an empty table of that schema.

        Args:
            fill: Columns of the schema that the parts lack are there, and null.
        """
        if parts:
            frame = self._spark.read.parquet(*[str(part) for part in parts])
            if fill:
                none = self._spark.createDataFrame([], from_arrow_schema(schema))
                frame = frame.unionByName(none, allowMissingColumns=True)
            frame.where(only).createOrReplaceTempView(name)
        else:
            self.view_arrow(name, schema.empty_table())

    def view_arrow(self, name: str, table: pa.Table) -> None:
        """Name the rows of an Arrow table."""
        # Frames are lazy: rows that one still refers to may not be written over.
        self._given += 1
        path = self._scratch / f"{name}-{os.getpid()}-{self._given}.parquet"
        pq.write_table(table, path)
        self._spark.read.parquet(str(path)).createOrReplaceTempView(name)

    def table(self, name: str) -> Frame:
        """Return a named table as a frame to define others from."""
        return self._spark.table(name)

    def at(self, as_of: date) -> None:
        """Set the day that definitions are asked for."""
        self.as_of = as_of

    def know(self, until: date) -> None:
        """Set the last day of which anything is known."""
        self.known = until

    def known_until(self) -> Column:
        """Return the last day of which anything is known."""
        return self.F.lit(self.known)

    def ago(self, days: int = 0) -> Column:
        """Return the day that is asked for, or one so many days before it."""
        return self.F.lit(self.as_of - timedelta(days=days))

    def month_end(self, back: int) -> Column:
        """Return the last day of the month so many months before; 1 is the latest one over."""
        return self.F.lit(month_end_before(self.as_of, back))

    def define(self, name: str, make: Callable[[], Frame], *, kept_as: str = "") -> Frame:
        """Name a frame, so that others build on the name and it can be looked at."""
        make().createOrReplaceTempView(name)
        return self.table(name)

    def beside(self, name: str, left: str, others: Mapping[str, str]) -> Frame:
        """Name a table with others joined to its left: each by its key, unmatched rows null."""
        joined = self.table(left)
        for other, key in others.items():
            joined = joined.join(self.table(other), on=key.split(", "), how="left")
        return self.define(name, lambda: joined)

    def by_account(
        self, name: str, tables: tuple[str, str], kernel: Kernel, schema: pa.Schema
    ) -> Frame:
        """Name what a kernel makes of two named tables, handed all rows of an account together."""
        share = self.F.col("account_no") % self.F.lit(self._partitions)
        left, right = (self.table(table).withColumn(SHARE, share) for table in tables)

        def of_share(some: pa.Table, others: pa.Table) -> pa.Table:
            return kernel(some.drop_columns([SHARE]), others.drop_columns([SHARE]))

        made = left.groupBy(SHARE).cogroup(right.groupBy(SHARE)).applyInArrow(
            of_share, from_arrow_schema(schema)
        )  # fmt: skip
        return self.define(name, made.persist)  # several steps read it

    def arrow(self, frame: Frame) -> pa.Table:
        """Compute a frame whole; for small results."""
        return frame.toArrow()

    def rows(self, name: str) -> pa.Table:
        """Compute a named table whole; for small results."""
        return self.arrow(self.table(name))

    def write(self, frame: Frame, path: Path) -> None:
        """Compute a frame into one Parquet file that appears only when it is complete."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        frame.coalesce(1).write.mode("overwrite").parquet(str(unfinished))
        (part,) = unfinished.glob("part-*.parquet")
        os.replace(part, path)
        shutil.rmtree(unfinished)

    def scatter(self, frame: Frame, folder: Path, *, by: str) -> None:
        """Compute a frame into one folder for each value of a column, `<by>=<value>`."""
        frame.write.mode("overwrite").partitionBy(by).parquet(str(folder))

    def close(self) -> None:
        """Stop Spark."""
        self._spark.stop()
