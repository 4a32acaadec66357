"""The exported JDM is judged by ZEN, an engine of others: the same row on every account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zen
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategy.made import DEFAULT, STRATEGIES, facts, refusal, row, strategy, texts
from tests.rules.strategy.test_tables import any_facts
from tideover.rules.condition import Fact
from tideover.rules.strategy import Strategy, parse_strategy
from tideover.rules.strategy.jdm import OUTPUTS, not_carried, to_jdm
from tideover.terms.faults import Refused

SMALL = strategy(
    row("much", arrears=">= 100.00", late="(3..9]"), row("part", owed="[0.05..0.3)", plan="no"),
    row("likely", chance="> 12.5%", zone="green; red"), row("five", late="5", treatment="call"),
)  # fmt: skip
ENGINE = zen.ZenEngine()
JUDGES = {s.name: ENGINE.create_decision(to_jdm(s)) for s in (DEFAULT, SMALL)}


def judged(made: Strategy, known: dict[str, Fact]) -> dict[str, Any]:
    """Return what ZEN decides; what is not known is left out."""
    given_to = {i.column: known[i.name] for i in made.policy.inputs if i.name != "stage"
                and known[i.name] == known[i.name] and known[i.name] is not None}  # fmt: skip
    result: dict[str, Any] = JUDGES[made.name].evaluate(given_to)["result"]
    return {name: result[name] for name in OUTPUTS}


def ours(made: Strategy, known: dict[str, Fact]) -> dict[str, Any]:
    """Return what we decide, as JDM says it."""
    decided = made.policy.judge(known)
    ways = {name: list(getattr(decided.then, name)) for name in OUTPUTS[2:-1]}
    return {"rule": decided.id, "treatment": decided.then.treatment, **ways,
            "because": decided.then.because}  # fmt: skip


def of_the_day(made: Strategy, known: dict[str, Fact]) -> dict[str, Fact]:
    """Return facts whose stage follows from their days past due."""
    from tideover.rules.strategy.policy import stage_of

    late = known.get("days_past_due", 0)
    return known | {"stage": stage_of(made.policy.stages, late if isinstance(late, int) else 0)}


@pytest.mark.parametrize("made", [DEFAULT, SMALL], ids=lambda made: made.name)
@given(drawn=st.data())
@settings(max_examples=400, deadline=None)
def test_another_engine_decides_the_same_on_random_accounts(
    made: Strategy, drawn: st.DataObject
) -> None:
    known = of_the_day(made, drawn.draw(any_facts(made.policy)))
    assert judged(made, known) == ours(made, known)


@pytest.mark.parametrize("late", [3, 4, 9, 10])
def test_the_ends_of_a_range_are_carried_over(late: int) -> None:
    known = facts(late=late, arrears=10_000)
    assert judged(SMALL, known) == ours(SMALL, known)


@pytest.mark.parametrize("name", ["nl", "us_pa"])
def test_a_ladder_of_notices_is_refused_and_not_dropped(name: str) -> None:
    with pytest.raises(Refused, match=r"JDM has no place for that\. notices\.csv"):
        to_jdm(STRATEGIES[name])


def test_a_share_of_accounts_is_refused_and_not_dropped() -> None:
    made = texts()
    made["strategy.toml"] += '[challenge]\nof = "default"\nshare = 0.1\n'
    with pytest.raises(Refused, match="no place for a share of accounts"):
        to_jdm(parse_strategy(made))


def test_what_stays_behind_is_said() -> None:
    assert not_carried(DEFAULT) == ["author and description", "the cases of cases.toml"]
    assert not_carried(SMALL) == ["author and description"]


def test_the_file_has_the_form_of_the_engines_own_files(shared: Path) -> None:
    theirs = [json.loads(path.read_text(encoding="utf-8"))
              for path in (shared / "peers/zen-jdm/files/test-data").rglob("*.json")]  # fmt: skip
    graphs = [graph for graph in theirs if isinstance(graph, dict) and "nodes" in graph]
    known: dict[str, set[str]] = {}
    for node in (node for graph in graphs for node in graph["nodes"]):
        known.setdefault(node["type"], set()).update(node.get("content") or {})
    written = json.loads(to_jdm(DEFAULT))
    assert len(graphs) > 20
    for node in written["nodes"]:
        assert set(node.get("content", {})) <= known[node["type"]], node["type"]
    edges = {key for graph in graphs for edge in graph["edges"] for key in edge}
    assert {key for edge in written["edges"] for key in edge} <= edges


def test_the_name_of_an_output_cannot_be_an_input() -> None:
    made = texts()
    made["strategy.toml"] = made["strategy.toml"].replace("owed =", "rule =")
    assert "'rule' cannot name an input" in refusal(made)
