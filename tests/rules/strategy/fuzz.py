"""Feeds the loaders of strategies with bytes that a fuzzer chooses by what they reach.

    python -m tests.rules.strategy.fuzz -max_total_time=60

Anything but a strategy or a refusal with place and remedy ends it with the bytes that did it.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Damage one file of a good strategy in every way, and load it."""
    # imported here, so that only this program runs with the fuzzer's instruments
    import atheris

    with atheris.instrument_imports(include=["tideover.rules", "tomllib", "csv"]):
        from tideover.doors.strategies.folder import shipped
        from tideover.rules.strategy import parse_strategy
        from tideover.rules.strategy.cases import run_cases
        from tideover.terms.faults import Refused
    good = shipped("nl")
    files = sorted(good)

    def one(raw: bytes) -> None:
        said = atheris.FuzzedDataProvider(raw)
        file = files[said.ConsumeIntInRange(0, len(files) - 1)]
        text = good[file]
        at = said.ConsumeIntInRange(0, len(text))
        rest = text[at + said.ConsumeIntInRange(0, len(text) - at) :]
        put = said.ConsumeUnicodeNoSurrogates(len(raw))
        try:
            run_cases(parse_strategy(good | {file: text[:at] + put + rest}))
        except Refused as refused:
            if not (refused.where and refused.mend):
                raise AssertionError(str(refused)) from refused

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
