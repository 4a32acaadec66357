"""The way from an account's rows to its decision, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.night.afterwards import later_than, replaced_by, what_was_sent
from tideover.doors.night.bucket import cases_of, doubts_of
from tideover.doors.night.choosing import chosen_by
from tideover.doors.night.climbing import with_places
from tideover.doors.night.desk import open_lake
from tideover.doors.night.guessing import with_guesses
from tideover.doors.night.results import Results
from tideover.doors.night.shares import decided_by
from tideover.doors.rulebooks import guard_for
from tideover.doors.strategies.shelf import in_force
from tideover.portfolio import scores as scoring
from tideover.portfolio.decisions import Guarding, Permissions
from tideover.portfolio.decisions.arms import TREATED
from tideover.portfolio.decisions.capacity import NO_ROOM
from tideover.portfolio.decisions.explain import explain
from tideover.portfolio.decisions.withheld import FULL, withheld_id
from tideover.portfolio.guesses import said_of
from tideover.portfolio.ladders import SCHEMA as LADDERS
from tideover.portfolio.lake import Lake
from tideover.rules.ageing import Credit, Debit, Owed, owed
from tideover.terms import money
from tideover.terms.faults import Usage


def explanation(results: Results, account_id: str) -> Iterator[str]:
    """Yield the lines: what is owed and why, its zone, its chances, and what was decided.

    Raises:
        Usage: The night knows no such account.
    """
    known = _row(results, "features", "account_id", account_id)
    if not known.num_rows:
        raise Usage(
            "The night knows no such account",
            where=account_id,
            mend="Give account_id as the export has it",
        )
    fact = known.to_pylist()[0]
    lake = open_lake(results.workspace)
    yield f"{account_id} at the end of {results.as_of}"
    if lake.manifest.version != results.done.lake_version:
        yield "More was loaded since that night; what is charged and paid is told as it stands now."
    yield from _owed_lines(lake, fact, results.as_of)
    yield from _zone_lines(results, fact)
    yield from _score_lines(results, known)
    yield from _guess_lines(results, lake, known)
    yield from _decision_lines(results, lake, known)


def _row(results: Results, table: str, column: str, value: Any) -> pa.Table:
    found = [pq.read_table(part, filters=[(column, "=", value)], partitioning=None)
             for part in results.parts(table)]  # fmt: skip
    return pa.concat_tables(found) if found else LADDERS.empty_table()


def _of_account(lake: Lake, table: str, account_no: int) -> list[dict[str, Any]]:
    """Return the standing rows of an account."""
    rows: list[dict[str, Any]] = []
    for part in lake.parts(table):
        found = pq.read_table(part, filters=[("account_no", "=", account_no)], partitioning=None)
        rows += [row for row in found.to_pylist() if row["known_until"] is None]
    return rows


def rows_of_account(lake: Lake, account_no: int) -> tuple[list[Debit], list[Credit]]:
    """Return an account's debits and credits as the lake has them."""
    adjusted = _of_account(lake, "adjustments", account_no)
    debits = [
        Debit(b["bill_id"], b["issued_on"], b["due_on"], b["amount_minor"])
        for b in _of_account(lake, "bills", account_no)
    ]
    debits += [Debit(a["adjustment_id"], a["posted_on"], a["posted_on"], a["amount_minor"])
               for a in adjusted if a["amount_minor"] > 0]  # fmt: skip
    credits = [
        Credit(
            p["received_on"],
            p["amount_minor"],
            p["reversed_on"] if p["status"] == "reversed" else None,
        )
        for p in _of_account(lake, "payments", account_no)
    ]
    credits += [Credit(a["posted_on"], -a["amount_minor"])
                for a in adjusted if a["amount_minor"] < 0]  # fmt: skip
    return debits, credits


def _owed_lines(lake: Lake, fact: dict[str, Any], as_of: date) -> Iterator[str]:
    unit = fact["currency"]
    debits, credits = rows_of_account(lake, fact["account_no"])
    told: Owed = owed(debits, credits, as_of)
    billed = sum(d.amount_minor for d in debits if d.issued_on <= as_of)
    came = sum(c.amount_minor for c in credits if c.counts(as_of))
    yield (
        f"Charged {money.text(billed, unit)} {unit} in all, paid or credited "
        f"{money.text(came, unit)}: the balance is {money.text(told.balance_minor, unit)}."
    )
    if told.arrears_minor:
        yield (
            f"Past due: {money.text(told.arrears_minor, unit)} {unit}; the oldest unpaid part "
            f"was due {told.days_past_due} days ago."
        )
    else:
        yield "Nothing is past due."


def _zone_lines(results: Results, fact: dict[str, Any]) -> Iterator[str]:
    placed = _row(results, "zones", "account_no", fact["account_no"]).to_pylist()[0]
    since = placed["entered_on"] or "over a year"
    yield f"Zone {placed['zone']} since {since}, by the thresholds of: {placed['cohort']}."
    if placed["days_to_next"] is not None:
        yield f"At the present speed it reaches the next zone in {placed['days_to_next']:.0f} days."


def _score_lines(results: Results, known: pa.Table) -> Iterator[str]:
    scored = scoring.apply(results.scores, known).to_pylist()[0]
    words = {
        "p_paid_in_full_30d": "to pay all that is past due within 30 days",
        "p_cure_60d": "to be without arrears at some point within 60 days",
        "p_roll_30d": "to be in a worse ageing bucket in 30 days",
        "p_first_late": "to be late for the first time with the bill to come",
    }
    for name, about in words.items():
        if scored[name] is not None:
            yield f"Likelihood {about}: {scored[name]:.0%}."
    if scored["reasons"]:
        yield f"Because: {scored['reasons'].replace(';', '; ')}."


def _guess_lines(results: Results, lake: Lake, known: pa.Table) -> Iterator[str]:
    """Yield a guess why an account in arrears is not paid, with how sure that is."""
    if known["arrears_minor"][0].as_py() <= 0:
        return
    reached = _row(results, "reach", "account_no", known["account_no"][0].as_py())
    held = known.append_column("holds", reached["holds"])
    guessed = with_guesses(held, lake, None, results.workspace.settings, words=True)
    yield from said_of(guessed.to_pylist()[0])


def _decision_lines(results: Results, lake: Lake, known: pa.Table) -> Iterator[str]:
    account_no = known["account_no"][0].as_py()
    placed, reached = (_row(results, table, "account_no", account_no)
                       for table in ("zones", "reach"))  # fmt: skip
    scored = scoring.apply(results.scores, known)
    case = cases_of(known, placed, scored, reached, doubts_of(lake))
    if not case.num_rows:
        yield "Nothing is past due and no first lateness is expected, so nothing was decided."
        return
    account_id, settings = known["account_id"][0].as_py(), results.workspace.settings
    rules = in_force(results.workspace, results.as_of)
    climbing = _row(results, "ladders", "account_no", account_no)
    case = with_guesses(with_places(case, climbing, rules), lake, None, settings)
    drawing = chosen_by(results.workspace, results.as_of, results.done.choice).drawing(
        lake, None, case
    )
    guarding = Guarding(
        Permissions(guard_for(results.workspace)),
        lambda numbers: _row(results, "situations", "account_no", account_no), drawing,
    )  # fmt: skip
    anew = decided_by(rules, case, settings=settings, as_of=results.as_of, guarding=guarding)
    recorded = _row(results, "decisions", "account_id", account_id)
    decided_anew, decided = anew["decision_id"].to_pylist(), recorded.to_pylist()
    shared = [withheld_id(former, FULL) for former in decided_anew]
    ids = [row["decision_id"] for row in decided]
    no_room = [withheld_id(former, NO_ROOM) for former in decided_anew]
    if ids not in (decided_anew, shared, no_room):
        yield ("The night decided otherwise: the strategy, the settings or the rows have changed "
               "since. What follows is how it would come out now.")  # fmt: skip
    policy = rules.policies[rules.label_for(account_id, seed=settings.choice.seed)]
    yield f"By the strategy {policy.name}."
    yield from _ladder_lines(climbing)
    drawn_anew = guarding._replace(drawing=replace(drawing, found=[])) if drawing else guarding
    yield from explain(
        case, policy=policy, settings=settings, as_of=results.as_of, guarding=drawn_anew
    )
    if ids == shared:
        yield f"In the end no contact, blocked by {FULL.code}: {FULL.words}."
    yield from _room_lines(anew, recorded)
    if ids == no_room:
        way = ", ".join(str(decided[0][name]) for name in ("channel", "tone", "send_at"))
        yield (f"In the end there was no room for it that day; instead "
               f"{way if decided[0]['channel'] else 'no contact'}.")  # fmt: skip
    for row in decided:
        yield from _aftermath_lines(results, row, known["timezone"][0].as_py())


def _room_lines(anew: pa.Table, recorded: pa.Table) -> Iterator[str]:
    """Yield why the probability that was written down is another one than that of the draw."""
    for was, now in zip(anew.to_pylist(), recorded.to_pylist(), strict=False):
        both = was["propensity"], now["propensity"]
        if was["decision_id"] == now["decision_id"] and None not in both and both[0] != both[1]:
            yield (f"Written down with probability {both[1]:.4g}: there was no room for all of its "
                   "ways that day, and what was left of them was the likelier.")  # fmt: skip


def _ladder_lines(climbing: pa.Table) -> Iterator[str]:
    for row in climbing.to_pylist():
        until = f" until {row['due_on']}" if row["due_on"] else ""
        yield (f"In arrears without a break since {row['in_arrears_since']}; on the ladder "
               f"{row['ladder']}: {row['place']}{until}.")  # fmt: skip


def _aftermath_lines(results: Results, decision: dict[str, Any], zone: str) -> Iterator[str]:
    """Yield what became of a decision: sent, and with which outcome, or replaced."""
    found = what_was_sent(results.workspace, [results.as_of])
    mine = found.rows.filter(pc.equal(found.rows["decision_id"], decision["decision_id"]))
    for row in mine.to_pylist():
        at = row["occurred_at"].astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
        outcome = row["outcome"] or "not told"
        yield f"It was sent on {at} by {row['channel']}, outcome {outcome}."
    same = pc.equal(found.elsewhere["contact_id"], decision["decision_id"])
    for row in found.elsewhere.filter(same).to_pylist():
        yield (f"A contact of account {row['account_id']} carries the id of this decision; it is "
               "not taken for it.")  # fmt: skip
    newer = later_than(results.workspace, results.as_of)
    if newer and decision["arm"] == TREATED and not mine.num_rows:
        yield (f"No longer for sending: it was {replaced_by(newer).words}. The night's record "
               "keeps what was decided, to learn from.")  # fmt: skip
