"""Definitions that would answer differently on another engine without a word are refused.

Measured on DuckDB and Spark (see docs/decisions/0002-one-definition-two-engines.md): a bare name in
a window's order puts null last on one and first on the other; a few functions differ in value; a
sum of whole numbers is wider than 64 bits on one, and Parquet then keeps it as a float.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

ORDERS = {
    f"{way}{nulls}" for way in ("asc", "desc") for nulls in ("", "_nulls_first", "_nulls_last")
}
DIFFERENT = {"hash", "xxhash64", "percentile_approx", "approx_percentile", "months_between",
             "dayofweek", "log"}  # fmt: skip
AT_HOME = ("engine.py", "spark.py")  # where an engine's own words may be used


def calls(node: ast.AST) -> list[str]:
    """Return the method names of a chain, last first: `w.partitionBy(a).orderBy(b)`."""
    names = []
    while isinstance(node, ast.Call | ast.Attribute):
        names += [node.attr] if isinstance(node, ast.Attribute) else []
        node = node.func if isinstance(node, ast.Call) else node.value
    return [*names, node.id] if isinstance(node, ast.Name) else names


def bare_orders(tree: ast.AST) -> Iterator[str]:
    """Yield what a window is ordered by without saying where null goes."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and calls(node.func)[:1] == ["orderBy"]):
            continue
        if {"partitionBy", "window", "Window"} & set(calls(node.func)):
            for ordered in node.args:
                if not (isinstance(ordered, ast.Call) and calls(ordered.func)[0] in ORDERS):
                    yield f"line {node.lineno}: orderBy({ast.unparse(ordered)})"


def different(tree: ast.AST) -> Iterator[str]:
    """Yield functions whose values differ between engines, or between two runs of Python."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        on_functions = isinstance(node.func, ast.Attribute) and calls(node.func)[1:] in (
            ["f"], ["F"], ["F", "engine"],
        )  # fmt: skip
        if on_functions and calls(node.func)[0] in DIFFERENT:
            yield f"line {node.lineno}: {ast.unparse(node.func)}"
        if isinstance(node.func, ast.Name) and node.func.id == "hash":
            yield f"line {node.lineno}: hash differs from run to run; take md5"


def wide_sums(tree: ast.AST) -> Iterator[str]:
    """Yield sums of money that nothing brings back to 64 bits."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    cast = {id(inner) for node in nodes if calls(node.func)[:1] == ["cast"]
            for inner in ast.walk(node.func)}  # fmt: skip
    for node in nodes:
        money = any("_minor" in ast.unparse(argument) for argument in node.args)
        is_sum = isinstance(node.func, ast.Attribute) and calls(node.func)[0] == "sum"
        if is_sum and money and id(node) not in cast:
            yield f"line {node.lineno}: {ast.unparse(node)}"


def named(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the tables that a module defines by name, each with what it is made of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and calls(node.func)[:1] == ["define"] and len(node.args) > 1:
            name, make = node.args[:2]
            if isinstance(name, ast.Constant):
                yield str(name.value), ast.unparse(make)


def definitions(source: Any) -> list[Any]:
    """Return the modules that define tables."""
    portfolio = [m for m in source if m.name.startswith("src/tideover/portfolio/")]
    return [m for m in portfolio if m.path.name not in AT_HOME]


def test_windows_say_where_null_goes(source: Any) -> None:
    found = [(m.name, bare) for m in definitions(source) for bare in bare_orders(m.tree)]
    assert found == []


def test_functions_that_differ_between_engines_are_not_used(source: Any) -> None:
    found = [(m.name, call) for m in definitions(source) for call in different(m.tree)]
    assert found == []


def test_sums_of_money_stay_in_64_bits(source: Any) -> None:
    found = [(m.name, wide) for m in definitions(source) for wide in wide_sums(m.tree)]
    assert found == []


def test_one_name_is_one_table_since_an_engine_keeps_the_first(source: Any) -> None:
    made: dict[str, set[str]] = {}
    for module in definitions(source):
        for name, make in named(module.tree):
            made.setdefault(name, set()).add(make)
    assert {name: makes for name, makes in made.items() if len(makes) > 1} == {}


def test_the_check_sees_what_a_name_is_made_of() -> None:
    assert list(named(ast.parse("engine.define('paid', lambda: _paid(engine))"))) == [
        ("paid", "lambda: _paid(engine)")
    ]


def test_the_check_sees_a_bare_name_in_a_window() -> None:
    bad = "engine.Window.partitionBy('a').orderBy('due_on', F.col('id').desc())"
    assert list(bare_orders(ast.parse(bad))) == ["line 1: orderBy('due_on')"]
    assert list(bare_orders(ast.parse("frame.orderBy('due_on')"))) == []


def test_the_check_sees_a_function_that_differs() -> None:
    bad = "engine.F.hash('a')\nhash('a')\nF.months_between(a, b)"
    assert len(list(different(ast.parse(bad)))) == 3
    assert list(different(ast.parse("f.md5('a')\nmath.log(2)"))) == []


def test_the_check_sees_a_sum_that_is_too_wide() -> None:
    assert list(wide_sums(ast.parse("f.sum('owed_minor').alias('owed')"))) != []
    assert list(wide_sums(ast.parse("f.sum('owed_minor').over(w).cast('bigint')"))) == []
