"""The house numbers; CONTRIBUTING.md says the same ones. The line's 100 is ruff's to check."""

from __future__ import annotations

import ast
from typing import Any

FILE_LINES, FUNCTION_LINES, TEST_LINES, ARGUMENTS = 300, 60, 25, 5


def length(node: Any) -> int:
    """Return how many lines a function takes, its docstring among them."""
    return int(node.end_lineno - node.lineno + 1)


def arguments(node: Any) -> int:
    """Return how many arguments a function takes, itself not counted."""
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([a for a in named if a.arg not in ("self", "cls")])


def test_files_are_short(modules: Any) -> None:
    assert [m.name for m in modules if len(m.text.splitlines()) > FILE_LINES] == []


def test_functions_are_short(modules: Any) -> None:
    found = [(m.name, f.name, length(f)) for m in modules for f in m.functions]
    assert [long for long in found if long[2] > FUNCTION_LINES] == []


def test_tests_are_shorter_still(modules: Any) -> None:
    tests = [(m.name, f.name, length(f)) for m in modules for f in m.functions
             if f.name.startswith("test_")]  # fmt: skip
    assert [long for long in tests if long[2] > TEST_LINES] == []


def test_functions_ask_for_few_things(source: Any) -> None:
    found = [(m.name, f.name, arguments(f)) for m in source for f in m.functions]
    assert [many for many in found if many[2] > ARGUMENTS] == []


def test_every_module_says_what_it_is(modules: Any) -> None:
    # an empty file only marks a folder as a package
    said = [m for m in modules if m.text.strip()]
    assert [m.name for m in said if not ast.get_docstring(m.tree)] == []


def test_contributing_says_the_same_numbers(repo: Any) -> None:
    text = " ".join((repo / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    for said in (f"file at most {FILE_LINES} lines", f"function at most {FUNCTION_LINES}",
                 f"at most {ARGUMENTS} arguments", f"test function {TEST_LINES}"):  # fmt: skip
        assert said in text
    assert "line-length = 100" in (repo / "pyproject.toml").read_text(encoding="utf-8")
