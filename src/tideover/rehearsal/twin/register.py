"""Who is on the books: customers, accounts, where they may be reached, what is known of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.rehearsal.twin.export import own_ids, owner_ids
from tideover.rehearsal.twin.lives import Lives
from tideover.rehearsal.twin.people import BANDS, COMMODITIES, NEVER, REASONS
from tideover.rehearsal.twin.reach import CHANNELS, CONSENTS, UNKNOWN
from tideover.rehearsal.twin.texts import days, digits, instants, joined, money, only, picked

HEATING = ("gas", "heat_pump", "district", "electric")


def customers(lives: Lives) -> dict[str, Any]:
    """Return the table of customers."""
    who, chance = lives.who, lives.chance
    at = np.flatnonzero(who.leads)
    n = len(at)
    age = (np.clip(chance.normal(48, 16, n), 19, 97) * 365.25).astype(np.int64)
    private = ~who.business[at]
    return {
        "customer_id": owner_ids("customers", who.customer[at]),
        "name": joined("Customer ", digits(who.customer[at], 9)),
        "segment": picked(("residential", "business"), who.business[at].astype(int)),
        "language": picked((tag for tag, _ in lives.place.languages), lives.how.language[at]),
        "birth_date": only(private & (chance.random(n) < 0.6), days(lives.span.last - age)),
        "household_size": only(private, pa.array(1 + chance.binomial(5, 0.25, n))),
        "income_band": only(private & (chance.random(n) < 0.7), picked(BANDS, who.band[at])),
    }


def accounts(lives: Lives) -> dict[str, Any]:
    """Return the table of accounts as it stands on the last day."""
    who, place, n = lives.who, lives.place, len(lives.who)
    head, _, rest = place.postcode.partition("#")
    tail, places = rest.lstrip("#"), place.postcode.count("#")
    return {
        "account_id": owner_ids("accounts", who.account),
        "customer_id": owner_ids("customers", who.customer),
        "commodity": picked(COMMODITIES, who.commodity),
        "jurisdiction": pa.repeat(place.jurisdiction, n),
        "timezone": pa.repeat(place.timezone, n),
        "currency": pa.repeat(place.currency, n),
        "area_code": joined("R", digits(who.area, 3)),
        "postcode": joined(head, digits((who.area * 23 + who.account) % 10**places, places), tail),
        "opened_on": days(who.opened),
        "closed_on": days(who.closed, lives.span.last + 1),
        "autopay": pa.array(who.autopay),
        "budget_billing": pa.array(who.budget),
    }


def contact_points(lives: Lives) -> dict[str, Any]:
    """Return where customers can be reached. No address exists: they use what is kept for examples.

    Mail goes to example.org, calls to the country code 999, which belongs to nobody, letters to
    postcodes that are not given out.
    """
    who, how, chance = lives.who, lives.how, lives.chance
    row, channel = np.nonzero(how.has & who.leads[:, None])
    consent = how.consent[row, channel]
    said = lives.span.first - chance.integers(1, 900, len(row))
    named = digits(who.customer[row], 9)
    where = [
        joined("c", named, "@example.org"),
        *[joined("+999", named)] * 3,
        joined("1 Sample Street, ", named, " Sampletown"),
    ]
    address = pc.choose(pa.array(channel), *where)
    said_at = instants(said, 540 + said % 500, zone=lives.place.timezone)
    return {
        "contact_point_id": own_ids("contact_points", who.customer[row], nth=channel),
        "customer_id": owner_ids("customers", who.customer[row]),
        "channel": picked(CHANNELS, channel),
        "address": address,
        "verified": pa.array(chance.random(len(row)) < 0.8),
        "preferred": pa.array(how.preferred[row] == channel),
        "consent": picked(CONSENTS, consent),
        "consent_at": only(consent != UNKNOWN, said_at),
    }


def facts(lives: Lives) -> dict[str, Any]:
    """Return what is known of some accounts: how the home is heated."""
    who, chance = lives.who, lives.chance
    at = np.flatnonzero(chance.random(len(who)) < 0.6)
    return {
        "subject": pa.repeat("account", len(at)),
        "subject_id": owner_ids("accounts", who.account[at]),
        "name": pa.repeat("heating_source", len(at)),
        "value": picked(HEATING, chance.choice(4, len(at), p=(0.7, 0.15, 0.1, 0.05))),
        "starts_on": days(who.opened[at]),
        "ends_on": pa.nulls(len(at), pa.date32()),
    }


def truth(lives: Lives) -> Any:
    """Return why each account pays as it does. No part of the product may read this."""
    who = lives.who
    return pa.table({
        "account_id": owner_ids("accounts", who.account),
        "customer_id": owner_ids("customers", who.customer),
        "reason": picked(REASONS, who.reason),
        "income_band": picked(BANDS, who.band),
        "habit": pa.array(np.round(who.habit, 4)),
        "payday": pa.array(who.payday),
        "usual_bill": money(who.usual),
        "step_1": money(who.steps[0]),
        "step_2": money(who.steps[1]),
        "trouble_starts_on": days(who.trouble[0], NEVER),
        "trouble_ends_on": days(who.trouble[1] - 1, NEVER - 1),
    })  # fmt: skip
