"""What a night asked its strategy with, account by account, so that the day can ask it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.night.bucket import CASE_TABLES, cases_from, doubts_of
from tideover.doors.night.climbing import with_places
from tideover.doors.night.guessing import are_asked, with_guesses
from tideover.doors.publication.as_json import as_json, objects
from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.decisions import facts
from tideover.portfolio.lake import Lake
from tideover.portfolio.workspace import Settings


def asked_with(
    read: Callable[[str], pa.Table], lake: Lake, strategies: InForce, settings: Settings,
    whose: Mapping[str, str],
) -> tuple[pa.Array, pa.Array]:  # fmt: skip
    """Return account_ids, and the inputs of each one's strategy as a JSON object.

    With them stand `usual_bill_minor` and `usage_ratio`, whatever the strategy asks for.

    Args:
        read: A table of the night's bucket, by its name.
        whose: By account_id, the label of the strategy that decided on it.
    """
    cases = cases_from({name: read(name) for name in CASE_TABLES}, doubts_of(lake))
    cases = cases.filter(pc.is_in(cases["account_id"], pa.array(list(whose), pa.string())))
    cases = with_places(cases, read("ladders"), strategies)
    if are_asked(strategies):
        cases = with_guesses(cases, lake, None, settings)
    labels = np.array([whose[each] for each in cases["account_id"].to_pylist()], dtype=object)
    ids, texts = [pa.array([], pa.string())], [pa.array([], pa.string())]
    for label, policy in strategies.policies.items():
        mine = cases.filter(pa.array(labels == label, pa.bool_()))
        asked = {name: pa.array(values, from_pandas=True)
                 for name, values in facts(mine, policy).items()}  # fmt: skip
        asked |= {name: mine[name].combine_chunks() for name in ("arrears_minor", "usage_ratio")}
        asked["usual_bill_minor"] = pc.round(mine["usual_bill_minor"]).combine_chunks()
        ids.append(mine["account_id"].combine_chunks())
        texts.append(objects({name: as_json(column) for name, column in asked.items()}))
    return pa.concat_arrays(ids), pa.concat_arrays(texts)
