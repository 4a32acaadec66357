"""What is installed is known to the byte, and by no host's name."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

LOCKS = ("tools", "core", "test", "spark")
EVERY = (*LOCKS, "web", "semgrep")  # the last is in an environment of its own
PINNED = re.compile(
    r"[a-z0-9-]+(\[\w+\])?==[\w.]+( ; [^\\]+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+"
)


def without_comments(text: str) -> str:
    """Return a lock file's requirements alone."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


@pytest.mark.parametrize("lock", EVERY)
def test_every_requirement_has_one_version_and_its_hashes(repo: Any, lock: str) -> None:
    text = (repo / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    assert PINNED.sub("", without_comments(text)).strip() == ""


@pytest.mark.parametrize("lock", EVERY)
def test_no_lock_names_a_host_or_a_folder(repo: Any, lock: str) -> None:
    text = (repo / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    assert re.findall(r"\w+://|--(?:extra-)?index|--find-links|file:| @ ", text) == []


def test_programs_of_npm_are_known_by_their_hashes_and_by_no_hosts_name(repo: Any) -> None:
    folder = repo / "requirements/npm"
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    own, *others = lock["packages"].values()
    assert own["devDependencies"] == asked
    assert not any("resolved" in one for one in others)
    assert all(one["integrity"].startswith("sha512-") for one in others)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


def test_locks_agree_with_each_other(repo: Any) -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        text = (repo / f"requirements/{lock}.txt").read_text(encoding="utf-8")
        pins: dict[str, set[str]] = {}
        for name, version in re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", text, re.M):
            pins.setdefault(name, set()).add(version)
        for name, found in pins.items():
            assert versions.setdefault(name, found) == found, name
    assert {"uv", "duckdb", "pytest", "pyspark"} <= versions.keys()


def test_locks_hold_what_the_project_asks_for(repo: Any) -> None:
    import tomllib

    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {"core": project["dependencies"], **project["optional-dependencies"]}
    for lock in LOCKS[1:]:
        text = (repo / f"requirements/{lock}.txt").read_text(encoding="utf-8")
        for requirement in asked[lock]:
            name = re.match(r"[\w-]+", requirement)
            assert name, requirement
            assert re.search(rf"^{name[0]}(\[\w+\])?==", text, re.M), requirement
