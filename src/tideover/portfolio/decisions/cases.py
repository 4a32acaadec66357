"""The columns of the night -> what the policy asks and what else a verdict needs, as lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.decisions.arms import Case
from tideover.portfolio.decisions.permission import Guarding, Situation
from tideover.rules.condition import YES_NO, Fact, Input
from tideover.rules.contact import CHANNELS
from tideover.rules.strategy import HEAD_FILE, Policy
from tideover.terms.faults import ColumnMissing, StepMissing

CONSENTS = tuple(f"consent_{channel}" for channel in CHANNELS)
DUE = "due_unpaid"
_ALWAYS = ("account_id", "currency", "timezone", "zone", "arrears_minor", "days_past_due",
           "days_to_due", "p_paid_in_full_30d", "in_doubt", "holds", "preferred",
           "cap_contact_at", "reasons", *CONSENTS)  # fmt: skip


def undecided(cases: pa.Table) -> pa.Table:
    """Return the accounts there is something to decide on: in arrears, or with a bill to come.

    Raises:
        ColumnMissing: Names the columns that every decision needs and are not there.
    """
    missing = [name for name in _ALWAYS if name not in cases.column_names]
    if missing:
        raise ColumnMissing(
            f"Decisions need {', '.join(missing)}",
            where="the night's cases",
            mend=f"There are {', '.join(cases.column_names)}",
        )
    in_arrears = pc.greater(cases["arrears_minor"], 0)
    to_come = pc.is_valid(cases["days_to_due"])
    return cases.filter(pc.or_kleene(in_arrears, to_come))


def facts(cases: pa.Table, policy: Policy) -> dict[str, list[Fact]]:
    """Return the values of every input of a policy, one an account, in the policy's order.

    A missing number is NaN, a missing text None, a missing boolean False.

    Raises:
        ColumnMissing: The policy asks what the night does not know.
        StepMissing: A column is not of the type, or holds a text, that the policy was told of.
    """
    return {asked.name: _values(cases, asked, policy) for asked in policy.inputs}


def _values(cases: pa.Table, asked: Input, policy: Policy) -> list[Fact]:
    if asked.name == "stage":
        return _stages(cases, policy)
    if asked.circumstances:
        return _in_force(cases["holds"], asked.circumstances)
    if asked.column not in cases.column_names:
        raise ColumnMissing(
            f"The strategy asks {asked.name}, which the night does not know",
            where=f"{HEAD_FILE}, [inputs]",
            mend=f"Known are {', '.join(cases.column_names)}",
        )
    column = cases[asked.column].combine_chunks()
    if asked.currency:
        ours = pc.equal(cases["currency"], asked.currency).combine_chunks()
        column = pc.if_else(ours, column, None)
    if asked.is_number and (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return _list(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    if asked.kind == YES_NO and pa.types.is_boolean(column.type):
        return _list(column.fill_null(False).to_numpy(zero_copy_only=False))
    if asked.one_of and not pa.types.is_nested(column.type):
        return _texts(column, asked)
    raise StepMissing(
        f"{asked.name} is no {asked.kind} but {column.type}",
        where=HEAD_FILE,
        mend="Say the type it has in [inputs]",
    )


def _texts(column: pa.Array, asked: Input) -> list[Fact]:
    coded = column.cast(pa.string()).dictionary_encode()
    words = coded.dictionary.to_pylist()
    unknown = set(words) - set(asked.one_of)
    if unknown:
        raise StepMissing(
            f"{asked.name} is {min(unknown)} for some accounts",
            where=HEAD_FILE,
            mend=f"Add it to one_of of {asked.name}",
        )
    place = coded.indices.fill_null(len(words)).to_numpy()  # what is not known stands last
    return _list(np.array([*words, None], dtype=object)[place])


def _stages(cases: pa.Table, policy: Policy) -> list[Fact]:
    days = cases["days_past_due"].fill_null(0).to_numpy()
    index = np.searchsorted(list(policy.stages.values()), days, side="right") - 1
    return _list(np.array(list(policy.stages), dtype=object)[index])


def _in_force(holds: pa.ChunkedArray, kinds: tuple[str, ...]) -> list[Fact]:
    coded = holds.combine_chunks().cast(pa.string()).fill_null("").dictionary_encode()
    any_of = [not set(kinds).isdisjoint(joined.split(";")) for joined in
              coded.dictionary.to_pylist()]  # fmt: skip
    return _list(np.array(any_of, dtype=bool)[coded.indices.to_numpy()])


def _list(values: Any) -> list[Fact]:
    return list(values.tolist())


def known_of(cases: pa.Table) -> list[Case]:
    """Return what is known of every account, apart from what the policy asks."""
    consents = zip(*(cases[name].to_pylist() for name in CONSENTS), strict=True)
    return list(map(
        Case,
        cases["account_id"].to_pylist(),
        cases["timezone"].to_pylist(),
        cases["in_doubt"].fill_null(False).to_pylist(),
        consents,
        cases["preferred"].to_pylist(),
        cases["cap_contact_at"].to_pylist(),
        cases["reasons"].to_pylist(),
        _past_due(cases).to_pylist(),
    ))  # fmt: skip


def _past_due(cases: pa.Table) -> pa.ChunkedArray:
    """Return whether something is past due on the day of sending, the one after the night's."""
    behind = pc.greater(cases["arrears_minor"], 0)
    return pc.or_(behind, cases[DUE]) if DUE in cases.column_names else behind


def situated(cases: pa.Table, which: list[int], guarding: Guarding) -> Iterator[Situation]:
    """Yield what the guard may know of some of the accounts, in their order."""
    numbers = cases["account_no"].take(pa.array(which, pa.int64())).combine_chunks()
    found = guarding.situations(numbers)
    place = pc.index_in(numbers, found["account_no"].combine_chunks())
    known = found.take(place)
    return map(Situation, *(known[name].to_pylist() for name in Situation._fields))
