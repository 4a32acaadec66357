"""A strategy as GoRules JDM, for those who run that engine; what JDM cannot say is refused.

Every table becomes a decision table of its own, and a switch after it ends where the row decided or
goes on to the next. Facts come in by the names of the inputs, money as `<name>_minor`; a fact that
is not known is null or left out, and a yes or no that is not known must be given as false.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from math import inf
from typing import Any

from tideover.rules.condition import Among, Between, Condition, Input
from tideover.rules.strategy.folder import CASES_FILE, Strategy
from tideover.rules.strategy.policy import Policy
from tideover.rules.strategy.proposal import NEXT_TABLE, WAYS
from tideover.rules.strategy.table import Row, Table
from tideover.terms.faults import Refused

OUTPUTS = ("rule", "treatment", *WAYS, "because")


def to_jdm(strategy: Strategy) -> str:
    """Return a strategy as the text of a JDM file.

    Raises:
        Refused: It has a ladder of notices, or challenges another: JDM has no word for what was
            really sent, nor for a share of accounts.
    """
    for table in strategy.policy.tables:
        if table.ladder is not None:
            raise Refused(
                f"The ladder {table.ladder} goes by what was really sent and when, and JDM has no "
                "place for that", where=table.file, mend="Export to .xlsx, or take the table out",
            )  # fmt: skip
    if strategy.challenge is not None:
        raise Refused("JDM has no place for a share of accounts",
                      where="strategy.toml, [challenge]",
                      mend="Export to .xlsx, or take [challenge] out")  # fmt: skip
    return json.dumps(_graph(strategy), indent=1, ensure_ascii=False) + "\n"


def not_carried(strategy: Strategy) -> Sequence[str]:
    """Return what stays behind without changing a decision, to be said aloud."""
    told = ["author and description"]
    return [*told, f"the cases of {CASES_FILE}"] if CASES_FILE in strategy.texts else told


def _graph(strategy: Strategy) -> dict[str, Any]:
    policy = strategy.policy
    tables = policy.tables
    nodes = [_node("facts", "inputNode", "Facts", 0), _stages(policy)]
    edges = [_edge("facts", "stage"), _edge("stage", tables[0].name)]
    for at, table in enumerate(tables, 2):
        nodes.append(_table(table, at))
        if table is tables[-1]:
            edges.append(_edge(table.name, "decision"))
            continue
        switch, after = _switch(table, at), tables[at - 1]
        nodes.append(switch)
        edges += [_edge(table.name, switch["id"]),
                  _edge(switch["id"], after.name, handle=f"{table.name}_next"),
                  _edge(switch["id"], "decision", handle=f"{table.name}_decided")]  # fmt: skip
    nodes.append(_node("decision", "outputNode", "Decision", len(tables) + 2))
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _node(node_id: str, kind: str, name: str, at: int, **content: Any) -> dict[str, Any]:
    place = {"x": 300 * at, "y": 200 if kind == "switchNode" else 100}
    node = {"id": node_id, "type": kind, "name": name, "position": place}
    return node | {"content": content} if content else node


def _edge(source: str, target: str, *, handle: str = "") -> dict[str, Any]:
    edge = {"id": f"{source}{f'.{handle}' if handle else ''}-{target}", "type": "edge",
            "sourceId": source, "targetId": target}  # fmt: skip
    return edge | {"sourceHandle": handle} if handle else edge


def _stages(policy: Policy) -> dict[str, Any]:
    """Return the most severe stage that holds as a table: the last one is asked first."""
    later = list(policy.stages.items())[:0:-1]
    rules = [{"_id": f"stage_{stage}", "days": f">= {first}", "said": json.dumps(stage)}
             for stage, first in later]  # fmt: skip
    first_stage = next(iter(policy.stages))
    rules.append({"_id": f"stage_{first_stage}", "days": "", "said": json.dumps(first_stage)})
    return _decision_node(
        "stage", 1, rules, passes=True,
        inputs=[{"id": "days", "name": "Days past due", "field": "days_past_due"}],
        outputs=[{"id": "said", "name": "Stage", "field": "stage"}],
    )  # fmt: skip


def _decision_node(
    node_id: str, at: int, rules: list[dict[str, str]], *, passes: bool, **columns: Any
) -> dict[str, Any]:
    return _node(node_id, "decisionTableNode", node_id, at, hitPolicy="first", **columns,
                 rules=rules, passThrough=passes, inputField=None, outputPath=None,
                 executionMode="single")  # fmt: skip


def _table(table: Table, at: int) -> dict[str, Any]:
    goes_on = any(row.goes_on for row in table.rows)
    return _decision_node(
        table.name, at, [_rule(table, row) for row in table.rows], passes=goes_on,
        inputs=[{"id": f"in_{i.name}", "name": _title(i), "field": i.column} for i in table.inputs],
        outputs=[{"id": f"out_{name}", "name": name, "field": name} for name in OUTPUTS],
    )  # fmt: skip


def _title(asked: Input) -> str:
    """Return what an input means; a column's title is the one place JDM has for it."""
    kinds = f" ({' or '.join(asked.circumstances)} in force)" if asked.circumstances else ""
    return f"{asked.name}{kinds}"


def _rule(table: Table, row: Row) -> dict[str, str]:
    rule = {"_id": row.id, "_description": row.then.because}
    for asked in table.inputs:
        cell = row.when.get(asked.name)
        rule[f"in_{asked.name}"] = "" if cell is None else unary(cell)
    said: dict[str, Any] = {"rule": row.id, "treatment": row.then.treatment,
                            "because": row.then.because}  # fmt: skip
    said |= {name: list(getattr(row.then, name)) for name in WAYS}
    return rule | {f"out_{name}": json.dumps(said[name], ensure_ascii=False) for name in OUTPUTS}


def unary(cell: Condition) -> str:
    """Return a condition as JDM writes it.

    Examples:
        >>> unary(Between((1.0, 0), (30.0, -1))), unary(Among(("green", "red")))
        ('[1..30)', '"green", "red"')
    """
    if isinstance(cell, Among):
        return ", ".join(json.dumps(word, ensure_ascii=False) for word in cell.words)
    assert isinstance(cell, Between)
    low, high = (_number(end[0]) for end in (cell.low, cell.high))
    if cell.low == cell.high:
        return f"== {low}"
    if not low:
        return f"{'<' if cell.high[1] else '<='} {high}"
    if not high:
        return f"{'>' if cell.low[1] else '>='} {low}"
    return f"{'(' if cell.low[1] else '['}{low}..{high}{')' if cell.high[1] else ']'}"


def _number(value: float) -> str:
    """Return a number without an exponent; nothing where there is no end."""
    return "" if abs(value) == inf else f"{Decimal(repr(value)).normalize():f}"


def _switch(table: Table, at: int) -> dict[str, Any]:
    return _node(f"{table.name}_switch", "switchNode", f"after {table.name}", at, hitPolicy="first",
                 statements=[
                     {"id": f"{table.name}_next", "condition": f'treatment == "{NEXT_TABLE}"'},
                     {"id": f"{table.name}_decided", "condition": ""},
                 ])  # fmt: skip
