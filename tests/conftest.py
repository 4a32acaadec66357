"""What every test may ask for: an engine, and the papers that lie beside the repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest

REPO = Path(__file__).resolve().parents[1]


def lacks(what: str, *, install: str) -> NoReturn:
    """Skip for want of a part of the system, or fail where all of them are promised (.ci/run)."""
    line = f"{what} is missing; install it with: {install}"
    if os.environ.get("TIDEOVER_NO_SKIPS"):
        pytest.fail(line)
    pytest.skip(line)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of contract, papers and real sets; it is no part of the repository."""
    folder = Path(os.environ.get("TIDEOVER_SHARED", REPO.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no folder {folder.name} beside the repository; TIDEOVER_SHARED can name one")
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Any]:
    """Return the embedded engine, empty."""
    from tideover.portfolio.duck import DuckEngine

    duck = DuckEngine(scratch=tmp_path / "scratch", memory="1GB")
    yield duck
    duck.close()


@pytest.fixture(scope="session")
def warm_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return the embedded engine with its definitions kept between tests: compiling takes seconds.

    For tests that make every view anew (`tests/portfolio/lake_rows.py` does).
    """
    from tideover.portfolio.duck import DuckEngine

    duck = DuckEngine(scratch=tmp_path_factory.mktemp("scratch"), memory="1GB")
    yield duck
    duck.close()


@pytest.fixture(scope="session")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return Spark on this machine, one for all tests: it takes seconds to start."""
    if subprocess.run([REPO / ".ci/java"], check=False).returncode:
        lacks("Java 17 or later", install="sudo apt-get install default-jre-headless")
    if find_spec("pyspark") is None:
        lacks("PySpark", install="make test (it installs PySpark where it finds Java)")
    from tideover.portfolio.spark import SparkEngine

    spark = SparkEngine(scratch=tmp_path_factory.mktemp("spark"))
    yield spark
    spark.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for Spark; an invariant is found by its number: `-k I5`."""
    for item in items:
        if "spark_engine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.spark)
        for held in item.iter_markers("invariant"):
            item.extra_keyword_matches.update(f"I{int(one[1:]):02}" for one in held.args)
