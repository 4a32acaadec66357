"""What is proposed for the day after, to whom nothing is, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections.five_lines import total
from tideover.doors.report.tally import summed
from tideover.doors.report.words import amount, count, of_all, plain
from tideover.rules.contact import PARTS_OF_DAY

ARMS = {"treated": "Contact proposed", "holdout": "Held out, to learn from", "none": "Left alone"}
CHANNELS = {"email": "E-mail", "sms": "SMS", "whatsapp": "WhatsApp", "voice": "Phone call",
            "letter": "Letter"}
BLOCKS = {
    "in_doubt": "In doubt: rows of the account are in quarantine",
    "contact_cap": "Contacted often enough this week",
    "contact_hours": "No permitted hour of the day",
    "consent_withdrawn": "Consent withdrawn",
    "consent_unknown": "No consent yet",
    "unreachable": "No contact point on a permitted channel",
}


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    decided = morning.tally.decided
    treated = decided.filter(pc.equal(decided["arm"], "treated"))
    silent = decided.filter(pc.equal(decided["arm"], "none"))
    by = morning.next_day
    return joined(
        el("p", f"Nothing is sent from here. These are proposals for {by}, from the policy in the "
                "workspace; each names the row of the policy that decided and its reasons."),
        _arms(decided, morning.day), _treatments(decided, by),
        el("h3", "How people would be reached"),
        blocks.grid(
            _counted(treated, "channel", f"By channel, contacts for {by}",
                     say=lambda channel: CHANNELS.get(channel, plain(channel))),
            _counted(treated, "tone", f"By tone, contacts for {by}"),
            _counted(treated, "offer", f"By offer, contacts for {by}",
                     say=lambda offer: "No offer" if offer == "none" else plain(offer)),
            _counted(treated, "part", f"By part of the day, contacts for {by}", say=_part),
        ),
        _silence(silent, morning.day), _blocked(silent, morning.day),
    )  # fmt: skip


def _part(part: str) -> str:
    hours = PARTS_OF_DAY[part]
    return f"{hours.opens:%H:%M} to {hours.closes:%H:%M}, {part}"


def _arms(decided: pa.Table, day: str) -> Html:
    found = summed([decided.select(["currency", "arm", "accounts", "arrears_minor"])],
                   ["currency", "arm"]).to_pylist()  # fmt: skip
    by_arm = {(row["arm"], row["currency"]): row for row in found}
    rows = [(words, count(row["accounts"]), amount(row["arrears_minor"], currency))
            for arm, words in ARMS.items() for (own, currency), row in by_arm.items()
            if own == arm]  # fmt: skip
    return blocks.table(f"Decisions at the end of {day}, and what those accounts have past due",
                        ("Decision", "Accounts", "Past due"), rows)  # fmt: skip


def _treatments(decided: pa.Table, by: str) -> Html:
    found = summed([decided.select(["treatment", "arm", "accounts"])], ["treatment", "arm"])
    rows: dict[str, dict[str, int]] = {}
    for row in found.to_pylist():
        rows.setdefault(row["treatment"] or "none", {})[row["arm"]] = row["accounts"]
    order = sorted(rows, key=lambda name: (name == "none", -sum(rows[name].values()), name))
    cells = [("Silence" if name == "none" else plain(name),
              *(count(rows[name].get(arm, 0)) for arm in ARMS)) for name in order]  # fmt: skip
    return joined(el("h3", "Treatments"), blocks.table(
        f"Accounts by treatment, for {by}", ("Treatment", *ARMS.values()), cells))  # fmt: skip


def _counted(decided: pa.Table, column: str, caption: str, *,
             say: Callable[[str], str] = plain) -> Html:
    found = summed([decided.select([column, "accounts"])], [column]).to_pylist()
    pairs = [(row[column], row["accounts"]) for row in found if row[column] is not None]
    return _with_bars(caption, [(say(word), n) for word, n in pairs], plain(column))


def _with_bars(caption: str, pairs: Iterable[tuple[str, int]], heading: str) -> Html:
    ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    whole = sum(n for _, n in ordered)
    rows = [(word, count(n), joined(of_all(n, whole), blocks.bar(n / whole)))
            for word, n in ordered if n]  # fmt: skip
    if not rows:
        return el("p", f"{caption}: none.")
    return blocks.table(caption, (heading, "Accounts", "Share"), rows)


def _silence(silent: pa.Table, day: str) -> Html:
    unblocked = silent.filter(pc.is_null(silent["blocked_by"]))
    found = summed([unblocked.select(["because", "accounts"])], ["because"]).to_pylist()
    pairs = [(plain(row["because"]), row["accounts"]) for row in found]
    return joined(
        el("h3", "Left alone, and why"),
        el("p", f"{count(total(unblocked, 'accounts'), 'account')} for which the policy proposes "
                "silence. Nobody is left out without a reason."),
        _with_bars(f"Silence by reason, at the end of {day}", pairs, "Reason"),
    )  # fmt: skip


def _blocked(silent: pa.Table, day: str) -> Html:
    blocked = silent.filter(pc.is_valid(silent["blocked_by"]))
    found: dict[str, int] = {}
    for row in blocked.select(["blocked_by", "accounts"]).to_pylist():
        for code in row["blocked_by"].split(";"):
            found[code] = found.get(code, 0) + row["accounts"]
    pairs = [(BLOCKS.get(code, plain(code)), n) for code, n in found.items()]
    return joined(
        el("h3", "Proposed, but something stands in the way"),
        el("p", f"{count(total(blocked, 'accounts'), 'account')}; one account can meet more than "
                "one obstacle."),
        _with_bars(f"Obstacles, at the end of {day}", pairs, "Obstacle"),
    )  # fmt: skip
