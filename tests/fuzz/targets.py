"""Feeds the loaders with bytes that a fuzzer chooses by what they reach.

    python -m tests.fuzz.targets vectors -max_total_time=60

Each target damages a good text in every way. Anything but what its loader promises, a result or a
refusal with its remedy, ends the run and keeps the bytes that did it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

Target = Callable[[Any], None]  # of the fuzzer's provider of values


def damaged(said: Any, text: str) -> str:
    """Return a text with a piece of it replaced by other characters."""
    at = said.ConsumeIntInRange(0, len(text))
    rest = text[at + said.ConsumeIntInRange(0, len(text) - at) :]
    return text[:at] + str(said.ConsumeUnicodeNoSurrogates(said.remaining_bytes())) + rest


def put_elsewhere(said: Any, told: Any) -> None:
    """Put some value in the place of another, at any depth of what a JSON text says."""
    while isinstance(told, dict | list) and told:
        keys = sorted(told) if isinstance(told, dict) else list(range(len(told)))
        key = keys[said.ConsumeIntInRange(0, len(keys) - 1)]
        if not isinstance(told[key], dict | list) or said.ConsumeBool():
            text = said.ConsumeUnicodeNoSurrogates(40)
            told[key] = (None, text, [text], {text: text}, said.ConsumeInt(9), said.ConsumeFloat(),
                         said.ConsumeBool())[said.ConsumeIntInRange(0, 6)]  # fmt: skip
            return
        told = told[key]


def vectors() -> Target:
    """Return the target of lines of test vectors: each has a verdict or an error, never a crash."""
    from tideover.doors.rulebooks import SHIPPED, guard_of, law, shipped_policy
    from tideover.rules.guard.vectors import Vectors

    reader = Vectors(guard_of([*law(), shipped_policy()]))
    lines = [line for place in ("policy", "us-pa", "nl", "gb-eaw") for line in
             SHIPPED.joinpath(place, "cases.jsonl").read_text("utf-8").splitlines()]  # fmt: skip

    def one(said: Any) -> None:
        line = lines[said.ConsumeIntInRange(0, len(lines) - 1)]
        if said.ConsumeBool():
            vector = json.loads(line)
            put_elsewhere(said, vector)
            line = json.dumps(vector)
        else:
            line = damaged(said, line)
        told = reader.told(line.encode())
        if not {"error", "verdict"} & told.keys():
            raise AssertionError(str(told))

    return one


def rulebooks() -> Target:
    """Return the target of rulebooks: each is taken whole or refused."""
    from tideover.doors.rulebooks import RULES, SHIPPED, parsed
    from tideover.rules.guard.verdict import Guard
    from tideover.terms.faults import Refused

    texts = [SHIPPED.joinpath(place, RULES).read_text("utf-8") for place in ("policy", "nl")]

    def one(said: Any) -> None:
        text = damaged(said, texts[said.ConsumeIntInRange(0, len(texts) - 1)])
        try:
            Guard([parsed(text, RULES)])
        except Refused as refused:
            if not refused.where:
                raise AssertionError(str(refused)) from refused

    return one


def strategies() -> Target:
    """Return the target of strategies: the folder's TOML, its tables, its ladder, its cases."""
    from tideover.doors.strategies.folder import shipped
    from tideover.rules.strategy import parse_strategy
    from tideover.rules.strategy.cases import run_cases
    from tideover.terms.faults import Refused

    good = shipped("nl")
    files = sorted(good)

    def one(said: Any) -> None:
        file = files[said.ConsumeIntInRange(0, len(files) - 1)]
        try:
            run_cases(parse_strategy(good | {file: damaged(said, good[file])}))
        except Refused as refused:
            if not (refused.where and refused.mend):
                raise AssertionError(str(refused)) from refused

    return one


TARGETS = {"vectors": vectors, "rulebooks": rulebooks, "strategies": strategies}


def main() -> None:
    """Run the target that is named first; what follows is the fuzzer's."""
    # imported here, so that only this program runs with the fuzzer's instruments
    import atheris

    with atheris.instrument_imports(include=["tideover.rules", "tomllib", "csv", "json"]):
        target = TARGETS[sys.argv.pop(1)]()
    atheris.Setup(sys.argv, lambda raw: target(atheris.FuzzedDataProvider(raw)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
