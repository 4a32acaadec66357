"""A floor uses the floors below it; the two lowest touch nothing but facts."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

ALLOWED = {
    "__future__", "bisect", "calendar", "collections", "contextlib", "csv", "dataclasses",
    "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "itertools", "json",
    "keyword", "math", "operator", "random", "re", "statistics", "string", "tomllib", "types",
    "typing", "unicodedata", "zoneinfo",
}  # fmt: skip
# A verdict is a function of facts and a date: no clock, no file, no chance but a seed handed in.
CLOCKS = {"now", "today", "utcnow", "time_ns", "perf_counter", "monotonic"}
FILES = {"open", "input", "print", "exec", "eval", "__import__"}
# A decision table becomes one function of comparisons, run without any builtins.
COMPILER = "src/tideover/rules/strategy/policy.py calls exec"


# What every step of the portfolio may use; the rest are steps, and meet in tables.
COMMON_GROUND = {
    "__init__", "choice_settings", "duck", "engine", "files", "instalments", "lake", "movements",
    "spark", "totals", "workspace",
}  # fmt: skip


def reaches_out(tree: ast.AST) -> Iterator[str]:
    """Yield what a module of rules or terms may not use."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [str(node.module)]
        else:
            names = []
        for name in names:
            if name.split(".")[0] not in ALLOWED and not name.startswith("tideover."):
                yield f"imports {name}"
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield f"reads the clock: {ast.unparse(node)}"
        if isinstance(node, ast.Name) and node.id in FILES:
            yield f"calls {node.id}"
        if (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
                and node.value.id == "random" and node.attr != "Random"):  # fmt: skip
            yield f"draws without a seed: {ast.unparse(node)}"


def test_the_floors_hold(repo: Any) -> None:
    linter = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()",
         "--no-cache"],
        cwd=repo, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert linter.returncode == 0, linter.stdout + linter.stderr


def test_every_step_of_the_portfolio_is_kept_apart_from_the_others(repo: Any) -> None:
    config = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    apart = next(c["modules"] for c in contracts if c["type"] == "independence")
    folder = repo / "src/tideover/portfolio"
    steps = {p.stem for p in folder.glob("*.py")} | {p.parent.name for p in folder.glob("*/*.py")}
    assert sorted(steps - COMMON_GROUND) == sorted(name.split(".")[-1] for name in apart)


def test_rules_and_terms_touch_nothing_but_facts(source: Any) -> None:
    lowest = [m for m in source if m.name.split("/")[2] in ("rules", "terms")]
    found = [f"{m.name} {what}" for m in lowest for what in reaches_out(m.tree)]
    assert lowest
    assert [what for what in found if what != COMPILER] == []


def test_the_check_sees_a_clock_a_file_a_stranger_and_chance() -> None:
    bad = "import os\nfrom pandas import x\ndate.today()\nopen('f')\nrandom.choice('ab')"
    assert len(list(reaches_out(ast.parse(bad)))) == 5
    assert list(reaches_out(ast.parse("import random\nrandom.Random(7).choice('ab')"))) == []
