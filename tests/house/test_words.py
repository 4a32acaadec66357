"""The names are the trade's, and the glossary explains them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from tideover.terms.tables import TABLES

UNWANTED = {
    "util", "utils", "helper", "helpers", "manager", "service", "services", "data", "info", "misc",
    "common", "debtor", "debtors", "delinquent", "delinquency", "dunning",
}  # fmt: skip


THEIRS = {"data": "src/tideover/casework/outreach/channels/mail/smtp.py"}  # smtplib calls it so


def words(name: str) -> list[str]:
    """Return the words of a name, but for the contract's own `service_steps` and the like."""
    for table in TABLES:
        name = name.replace(table, "").replace(table.removesuffix("s"), "")
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]


def named(tree: ast.AST) -> Iterator[str]:
    """Yield the names of a module's classes and functions."""
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return (node.name for node in ast.walk(tree) if isinstance(node, kinds))


def entries(repo: Any) -> dict[str, str]:
    """Return the glossary's code names and the terms they stand for."""
    text = (repo / "GLOSSARY.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    return {name: row[1].strip() for row in rows for name in re.findall(r"`([^`]+)`", row[2])}


def test_names_say_what_a_thing_is(source: Any) -> None:
    names = [(m.name, n) for m in source for n in (*m.path.parts[-2:], *named(m.tree))]
    unwanted = [name for name in names if UNWANTED & set(words(name[1]))]
    assert [name for name in unwanted if THEIRS.get(name[1]) != name[0]] == []


def test_the_check_sees_an_empty_word() -> None:
    assert UNWANTED & set(words("PaymentService")) == {"service"}
    assert UNWANTED & set(words("load_service_steps")) == set()


def test_every_name_in_the_glossary_is_in_the_code(repo: Any, source: Any) -> None:
    policies = [path.read_text() for path in (repo / "src").rglob("*.toml")]
    code = "\n".join([*(m.text for m in source), *policies, *(m.path.stem for m in source)])
    missing = [name for name in entries(repo) if not re.search(rf"(?<!\w){name}(?!\w)", code)]
    assert missing == []


def test_the_glossary_has_every_room_and_every_table(repo: Any, source: Any) -> None:
    rooms = {m.name.split("/")[3].removesuffix(".py") for m in source if m.name.count("/") > 2}
    explained = entries(repo).keys()
    assert sorted(rooms - {"__init__"} - explained) == []
    assert sorted(TABLES.keys() - explained) == []


def test_the_glossary_has_every_zone_bucket_and_channel(repo: Any) -> None:
    from tideover.rules.ageing import BUCKETS
    from tideover.terms.tables import CHANNELS

    text = (repo / "GLOSSARY.md").read_text(encoding="utf-8")
    wanted = ("green", "yellow", "red", *BUCKETS, *CHANNELS)
    assert [word for word in wanted if not re.search(rf"\b{word}\b", text)] == []
