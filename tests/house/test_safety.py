"""A few faults that are easy to make and hard to see, looked for in the code of casework."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

# They ask for a token or a signature, which no page of another site can make.
OWN_PROOF = ("src/tideover/casework/api/", "src/tideover/casework/outreach/")
CALLS_OUT = {"get", "post", "put", "request", "urlopen"}
OF_THE_NET = {"requests", "httpx", "urllib"}
IN_A_PAGE = re.compile(r"\|\s*safe\b|autoescape off|<script(?! src=)|\sstyle=|\son\w+=|https?://")


def name_of(node: ast.AST) -> str:
    """Return the dotted name that a call goes to."""
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def faults(tree: ast.AST) -> Iterator[str]:
    """Yield what may not be in casework: unescaped words, SQL made of text, naive clocks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("mark_safe", "SafeString", "csrf_exempt"):
            yield node.id
        if not isinstance(node, ast.Call):
            continue
        called = name_of(node.func)
        last, said = called.split(".")[-1], {keyword.arg for keyword in node.keywords}
        if last in ("execute", "executemany", "raw") and node.args and built(node.args[0]):
            yield "SQL made of text"
        if called.endswith(("datetime.now", "datetime.today", "datetime.utcnow")) and not node.args:
            yield "a clock without a zone"
        if called.split(".")[0] in OF_THE_NET and last in CALLS_OUT and "timeout" not in said:
            yield "a call out that may hang"
        if last in ("loads", "load") and called.split(".")[0] in ("pickle", "marshal", "yaml"):
            yield "objects from outside"


def built(node: ast.AST) -> bool:
    """Say whether a text is put together where it stands."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    return isinstance(node, ast.BinOp) and not all(
        isinstance(part, ast.Constant) for part in (node.left, node.right)
    )


def test_casework_has_none_of_these_faults(source: Any) -> None:
    found = [(m.name, fault) for m in source if m.name.startswith("src/tideover/casework/")
             and "/migrations/" not in m.name for fault in faults(m.tree)
             if not (fault == "csrf_exempt" and m.name.startswith(OWN_PROOF))]  # fmt: skip
    assert found == []


def test_pages_run_nothing_and_load_nothing_from_elsewhere(repo: Any) -> None:
    pages = sorted((repo / "src/tideover/casework").rglob("templates/**/*.html"))
    found = [(path.name, IN_A_PAGE.findall(path.read_text(encoding="utf-8"))) for path in pages]
    assert len(pages) > 20
    assert [hit for hit in found if hit[1]] == []


@pytest.mark.parametrize("bad", [
    "mark_safe(x)", "cursor.execute(f'SELECT {x}')", "cursor.execute('SELECT ' + x)",
    "datetime.now()", "requests.get(url)", "pickle.loads(x)",
    "@csrf_exempt\ndef f(): pass"])  # fmt: skip
def test_the_check_sees_each_fault(bad: str) -> None:
    assert list(faults(ast.parse(bad)))


@pytest.mark.parametrize("good", [
    "cursor.execute('SELECT 1 WHERE a = %s', [x])", "datetime.now(UTC)",
    "requests.get(url, timeout=5)", "json.loads(x)"])  # fmt: skip
def test_the_check_lets_the_right_way_pass(good: str) -> None:
    assert not list(faults(ast.parse(good)))
