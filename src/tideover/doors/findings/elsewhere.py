"""The value of a policy and the result of an experiment, of flat files from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tideover.doors.findings.flat import Flat, logged_of, whole
from tideover.portfolio.worth.effects import arm_lift, personal
from tideover.portfolio.worth.value import DO_NOT_FIT, FEW_EFFECTIVE, NO_OVERLAP, Value, value
from tideover.terms.faults import Refused

WARNINGS = {
    FEW_EFFECTIVE: "Fewer than 100 rows' worth of evidence: take it as a hint, not as a result.",
    NO_OVERLAP: "What the policy asks for was never done on some rows, so nothing can be said.",
    DO_NOT_FIT: "The weights do not average one: the propensities are not those of the log.",
}


@dataclass(frozen=True)
class Columns:
    """Where things stand in a log: the names of its columns."""

    log: Path
    outcome: str
    arm: str
    policy_arm: str
    propensity: str | None = None
    features: str | None = None
    unit: str | None = None


def value_of_log(said: Columns) -> dict[str, Any]:
    """Return what a policy would have been worth on a log, as data.

    Raises:
        Refused: The log states no propensities, or is odd (`Flat`).
    """
    if not said.propensity:
        raise Refused("Without logged propensities no policy can be judged", where="--propensity",
                      mend="Name the column with the probability of what was done")  # fmt: skip
    flat = Flat(said.log)
    done, wanted = flat.text(said.arm), flat.text(said.policy_arm)
    propensity = flat.propensities(said.propensity)
    logged, names = logged_of(flat, done, said.outcome, features=said.features, unit=said.unit)
    places = {name: place for place, name in enumerate(names)}
    for name in np.unique(wanted.astype(str)):
        places.setdefault(name, len(places))
    found = value(logged, propensity, np.array([places[name] for name in wanted.astype(str)]))
    return told(found, said.policy_arm, said.outcome)


def told(found: Value, policy: str, outcome: str) -> dict[str, Any]:
    """Return a value as data, rounded to what it can carry."""
    figures = {name: _rounded(number) for name, number in found._asdict().items()}
    return {"policy": policy, "outcome": outcome, **figures}


def _rounded(number: Any) -> Any:
    if not isinstance(number, float):
        return number
    return round(number, 6) if np.isfinite(number) else None


def value_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield a value in plain words."""
    unseen = told.get("unseen", 0)
    if unseen:
        yield (f"On {unseen:,} account-days it asks for what could not have been done; of these "
               "nothing is known, and they are left out.")  # fmt: skip
    if told["dr"] is None:
        yield WARNINGS[told["status"]]
        return
    ends = "with too few rows for an interval" if told["dr_low"] is None else (
        f"between {told['dr_low']:.4f} and {told['dr_high']:.4f} (95 %)")  # fmt: skip
    yield f"{told['policy']} would have been worth {told['dr']:.4f} ({told['outcome']}), {ends}."
    yield (f"The seen outcomes alone, weighted, say {told['snips']:.4f}. {told['n']:,} rows tell "
           f"as much as {told['ess']:,.0f} of equal weight; "
           f"the largest weight is {told['max_weight']:,.1f}.")  # fmt: skip
    if told["status"] in WARNINGS:
        yield WARNINGS[told["status"]]


@dataclass(frozen=True)
class Experiment:
    """Where things stand in an experiment's file: the names of its columns, and the control."""

    file: Path
    arm: str
    control: str
    outcome: str
    unit: str | None = None
    features: str | None = None


def analysed(said: Experiment) -> dict[str, Any]:
    """Return what each arm of an experiment added to its control, and whether people differ.

    Raises:
        Refused: It has a single arm, no such control, or the file is odd (`Flat`).
    """
    flat = Flat(said.file)
    arms = flat.text(said.arm)
    logged, names = logged_of(flat, arms, said.outcome, features=said.features, unit=said.unit)
    where = f"{flat.name}, {said.arm}"
    control_name = whole(said.control)
    if control_name not in names:
        raise Refused(f"No row has the control {said.control!r}", where=where,
                      mend=f"Its arms are {_few(names)}")  # fmt: skip
    if len(names) < 2:
        raise Refused(f"There is a single arm, {names[0]!r}: nothing to compare it with",
                      where=where)  # fmt: skip
    control = names.index(control_name)
    rows = [_arm(logged, names, place, control) for place in range(len(names))]
    return {"arms": rows, "personal": {name: _rounded(worth) for name, worth in
                                       personal(logged)._asdict().items()}}  # fmt: skip


def _arm(logged: Any, names: list[str], place: int, control: int) -> dict[str, Any]:
    theirs = logged.outcome[logged.arm == place]
    row = {"arm": names[place], "n": len(theirs), "rate": _rounded(float(theirs.mean()))}
    if place == control:
        return row | {"lift": None, "low": None, "high": None}
    found = arm_lift(logged, place, control)
    return row | {"lift": _rounded(found.at), "low": _rounded(found.low),
                  "high": _rounded(found.high)}  # fmt: skip


def _few(names: Iterable[str]) -> str:
    some = list(names)
    return ", ".join(some[:12]) + (f" and {len(some) - 12} more" if len(some) > 12 else "")


def experiment_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield an experiment's result in plain words."""
    for row in told["arms"]:
        line = f"{row['arm']}: {row['rate']:.4f} of {row['n']:,}"
        if row["lift"] is None:
            yield f"{line}, the control"
        elif row["low"] is None:
            yield f"{line}, {row['lift']:+.4f} against the control; too few units for an interval"
        else:
            sure = "could be chance" if row["low"] <= 0 <= row["high"] else "more than chance"
            yield (f"{line}, {row['lift']:+.4f} against the control, between {row['low']:+.4f} "
                   f"and {row['high']:+.4f} (95 %): {sure}")  # fmt: skip
    own = told["personal"]
    size = "" if own["gain"] is None else (f" ({own['gain']:+.4f}, between {own['low']:+.4f} and "
                                           f"{own['high']:+.4f})")  # fmt: skip
    yield f"By customer: {own['verdict']}{size}."
