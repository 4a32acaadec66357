"""What is proposed for the day after, to whom nothing is, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections.chosen import chosen
from tideover.doors.report.sections.five_lines import total
from tideover.doors.report.tally import summed
from tideover.doors.report.words import amount, count, day, of_all, plain, share
from tideover.doors.rulebooks import guard_for
from tideover.portfolio.sent import Sent
from tideover.rules.contact import PARTS_OF_DAY
from tideover.rules.rulebook import StatedRule

ARMS = {"treated": "Contact proposed", "holdout": "Held out, to learn from", "none": "Left alone"}
CHANNELS = {
    "email": "E-mail",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "voice": "Phone call",
    "letter": "Letter",
}
BLOCKS = {
    "in_doubt": "In doubt: rows of the account are in quarantine",
    "contact_cap": "Contacted often enough this week",
    "capacity": "No room for it that day",
    "contact_hours": "No permitted hour of the day",
    "consent_withdrawn": "Consent withdrawn",
    "consent_unknown": "No consent yet",
    "unreachable": "No contact point on a permitted channel",
    "no rulebook": "No rulebook for the place or the service",
}


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    decided = morning.tally.decided
    treated = decided.filter(pc.equal(decided["arm"], "treated"))
    silent = decided.filter(pc.equal(decided["arm"], "none"))
    by = morning.next_day
    return joined(
        el("p", f"Nothing is sent from here. These are proposals for {by}, by the strategy "
                "in the workspace. Where several ways of helping are permitted one is drawn, with "
                "its probability written down, so that a later look can tell what works."),
        _replaced(morning), _became(morning.sent, morning.day),
        _arms(morning), chosen(morning), _treatments(decided, by),
        el("h3", "How people would be reached"), _ways(treated, by),
        _left_alone(silent, morning.day), _blocked(silent, morning),
    )  # fmt: skip


def _replaced(morning: Morning) -> Html:
    if morning.newer is None:
        return joined()
    return blocks.note(f"The night of {day(morning.newer)} has been run since. What of this was "
                       "not sent is replaced by it, and no longer for sending.")  # fmt: skip


def _became(sent: Sent, on: str) -> Html:
    """Return what became of earlier nights' decisions; nothing where none was sent."""
    told = Counter(outcome or "not told" for outcome in sent.rows["outcome"].to_pylist())
    outcomes = ", ".join(f"{plain(word).lower()} {count(n)}" for word, n in sorted(told.items()))
    lines = []
    if told:
        lines.append(f"Of what earlier nights decided, {count(told.total())} had been sent by "
                     f"{on}; outcome: {outcomes}.")  # fmt: skip
    if sent.elsewhere.num_rows:
        wrong = count(sent.elsewhere.num_rows, "contact")
        lines.append(f"Left out: {wrong} with the id of a decision on another account.")
    return joined(el("p", " ".join(lines))) if lines else joined()


def _arms(morning: Morning) -> Html:
    sums = summed([morning.tally.decided.select(["currency", "arm", "accounts", "arrears_minor"])],
                  ["currency", "arm"]).to_pylist()  # fmt: skip
    rows = [(words, count(row["accounts"]), amount(row["arrears_minor"], row["currency"]))
            for arm, words in ARMS.items() for row in sums if row["arm"] == arm]  # fmt: skip
    accounts = counted(morning.tally.decided, "arm")
    held, treated = (accounts.get(arm, 0) for arm in ("holdout", "treated"))
    wanted = morning.results.workspace.settings.choice.holdout_share
    return joined(
        blocks.table(f"Decisions at the end of {morning.day}, and what those accounts have past "
                     "due", ("Decision", "Accounts", "Past due"), rows),
        el("p", f"The hold-out is {count(held)} of the {count(held + treated, 'account')} that "
                f"could be contacted ({of_all(held, held + treated)}; the setting is "
                f"{share(wanted)} of all accounts)."),
    )  # fmt: skip


def counted(decided: pa.Table, column: str) -> dict[str, int]:
    """Return how many accounts there are of each word in a column, the most first."""
    sums = summed([decided.select([column, "accounts"])], [column]).to_pylist()
    found = [(row[column], row["accounts"]) for row in sums if row[column] is not None]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _treatments(decided: pa.Table, by: str) -> Html:
    arms = [counted(decided.filter(pc.equal(decided["arm"], arm)), "treatment") for arm in ARMS]
    order = sorted(counted(decided, "treatment"), key="none".__eq__)  # silence comes last
    rows = [("Silence" if name == "none" else plain(name),
             *(count(of_arm.get(name, 0)) for of_arm in arms)) for name in order]  # fmt: skip
    return joined(el("h3", "Treatments"), blocks.table(
        f"Accounts by treatment, for {by}", ("Treatment", *ARMS.values()), rows))  # fmt: skip


def _ways(treated: pa.Table, by: str) -> Html:
    parts = counted(treated, "part")
    in_order = {f"{hours.opens:%H:%M} to {hours.closes:%H:%M}, {part}": parts.get(part, 0)
                for part, hours in PARTS_OF_DAY.items()}  # fmt: skip
    channels = {CHANNELS[name]: n for name, n in counted(treated, "channel").items()}
    tones = {plain(name): n for name, n in counted(treated, "tone").items()}
    offers = {"No offer" if name == "none" else plain(name): n
              for name, n in counted(treated, "offer").items()}  # fmt: skip
    return blocks.grid(
        _with_bars(f"By channel, for {by}", channels, "Channel"),
        _with_bars(f"By offer, for {by}", offers, "Offer"),
        _with_bars(f"By tone, for {by}", tones, "Tone"),
        _with_bars(f"By part of the day, local time, {by}", in_order, "Part of the day"),
    )


def _with_bars(caption: str, counts: Mapping[str, int], heading: str) -> Html:
    whole = sum(counts.values())
    rows = [(word, count(n), joined(of_all(n, whole), blocks.bar(n / whole)))
            for word, n in counts.items() if n]  # fmt: skip
    if not rows:
        return el("p", f"{caption}: none.")
    return blocks.table(caption, (heading, "Accounts", "Share"), rows)


def _left_alone(silent: pa.Table, day: str) -> Html:
    unblocked = silent.filter(pc.is_null(silent["blocked_by"]))
    reasons = {plain(because): n for because, n in counted(unblocked, "because").items()}
    return joined(
        el("h3", "Left alone, and why"),
        el("p", f"{count(total(unblocked, 'accounts'), 'account')} for which no message "
                "is proposed: silence, or a person. "
                "Nobody is left out without a reason."),
        _with_bars(f"Silence by reason, at the end of {day}", reasons, "Reason"),
    )  # fmt: skip


def _blocked(silent: pa.Table, morning: Morning) -> Html:
    blocked = silent.filter(pc.is_valid(silent["blocked_by"]))
    found: Counter[str] = Counter()
    for codes, n in counted(blocked, "blocked_by").items():
        found.update(dict.fromkeys(codes.split(";"), n))
    rules = {rule.id: rule.stated for rule in guard_for(morning.results.workspace).rules}
    ours = {BLOCKS.get(code, plain(code)): n for code, n in found.most_common()
            if code not in rules}  # fmt: skip
    return joined(
        el("h3", "Something stands in the way"),
        el("p", f"{count(total(blocked, 'accounts'), 'account')} that would be contacted but for "
                "an obstacle; some meet more than one."),
        _with_bars(f"Obstacles, at the end of {morning.day}", ours, "Obstacle"),
        el("h3", "What the guard stopped, by rule"),
        _stopped({code: n for code, n in found.most_common() if code in rules}, rules, morning.day),
    )  # fmt: skip


def _stopped(found: Mapping[str, int], rules: Mapping[str, StatedRule], day: str) -> Html:
    if not found:
        return el("p", "Nothing: no rule of law and none of the utility's own stood in the way.")
    rows = [(code, rules[code].title, rules[code].citation, count(n)) for code, n in found.items()]
    return joined(
        el("p", "The guard is asked before anything is chosen. A contact that a rule puts off is "
                "proposed again once it may be made; why one account was stopped, with the facts "
                "it rests on, is told by the command explain."),
        blocks.table(f"Accounts that a rule keeps from being contacted, at the end of {day}",
                     ("Rule", "What it is about", "Rests on", "Accounts"), rows),
    )  # fmt: skip
