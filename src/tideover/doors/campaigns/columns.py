"""What a campaign may choose by: every column of the night's cases, with its type."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from tideover.rules.condition import ZONES, Input
from tideover.rules.strategy.head import RESERVED
from tideover.terms.money import MINOR_DIGITS
from tideover.terms.tables import TABLES

CIRCUMSTANCE = "circumstance"
_KINDS = TABLES["circumstances"].column("kind").one_of
# Ids, and columns that hold several words or a sentence.
_NOT_ASKED = {"account_no", "account_id", "customer_id", "currency", "timezone", "reasons", "holds",
              "cohort", "in_doubt", "month", *RESERVED}  # fmt: skip


def inputs_of(cases: pa.Table, currency: str) -> dict[str, Input]:
    """Return the inputs that conditions may name, by name; `x_minor` is asked as money `x`.

    Args:
        currency: Of amounts in conditions; an account in another one does not match.
    """
    found = {CIRCUMSTANCE: Input(CIRCUMSTANCE, "yes_no", circumstances=_KINDS)}
    for field in cases.schema:
        asked = None if field.name in _NOT_ASKED else _input(cases, field, currency)
        if asked is not None:
            found[asked.name] = asked
    return found


def _input(cases: pa.Table, field: pa.Field, currency: str) -> Input | None:
    name, type_ = field.name, field.type
    if name == "zone":
        return Input(name, "zone", one_of=ZONES)
    if pa.types.is_boolean(type_):
        return Input(name, "yes_no")
    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        return _number(name, currency, whole=pa.types.is_integer(type_))
    if pa.types.is_string(type_):
        words = tuple(sorted(word for word in pc.unique(cases[name]).to_pylist()
                             if word and word == word.strip() and ";" not in word))  # fmt: skip
        return Input(name, "category", one_of=words) if words else None
    return None


def _number(name: str, currency: str, *, whole: bool) -> Input:
    if name.endswith("_minor"):
        return Input(name.removesuffix("_minor"), "money", digits=MINOR_DIGITS[currency],
                     currency=currency)  # fmt: skip
    if name.startswith("p_"):
        return Input(name, "share")
    return Input(name, "days" if whole and "days" in name else "number")
