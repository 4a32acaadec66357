"""A campaign: one message to a list of people, some of whom are held out to compare with.

It is written as a strategy of one table with one row that acts, so the same words, checks and
limits hold for it as for any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from tideover.rules.condition import Input, listed
from tideover.rules.strategy import SILENCE, Strategy, parse_strategy
from tideover.rules.strategy.proposal import is_name
from tideover.terms.faults import Refused, Usage

ROW = "campaign"
STANDING_HOLDOUT = "standing_holdout"
SMALLEST_HOLDOUT, LARGEST_HOLDOUT = 0.05, 0.9
WINDOW_DAYS = 30  # in which what followed counts
# Who is left in peace, or to a person, whatever a campaign chooses.
PEACE = frozenset({"bereavement", "deceased", "debt_respite", "bankruptcy", "dispute", "complaint",
                   "tampering", "life_support", "medical_certificate", "domestic_abuse",
                   "representative", "language_barrier", "assistance_pending"})  # fmt: skip
IN_PEACE, FOR_A_PERSON, AGREED = "left_in_peace", "for_a_person", "agreed_already"
_AGREEMENTS = ("plan_active", "promise_open")
_WHERE = re.compile(r"\s*([a-z][a-z0-9_]{0,63})\s*(=|<=|>=|<|>)\s*(.*\S)\s*", re.ASCII)


@dataclass(frozen=True)
class Message:
    """What is said and how, in the words of a row of a strategy.

    Args:
        channels, tones, offers, parts: Cells, several words with `;` between them.
    """

    treatment: str
    channels: str
    tones: str = "friendly"
    offers: str = "none"
    parts: str = "morning; afternoon; evening"
    because: str = "chosen for this campaign"


@dataclass(frozen=True)
class Campaign:
    """What is stated before it starts; nothing of it changes afterwards.

    Args:
        as_of: The night whose facts choose the list; the message goes out on the day after.
        where: Conditions that must all hold, as they were written.
        holdout_share: The random part of the list that does not get the message.
    """

    name: str
    as_of: date
    where: tuple[str, ...]
    message: Message
    holdout_share: float

    @property
    def seed(self) -> int:
        """Return the seed of its draws and its hold-out: a hash of its name, and of nothing else.

        Examples:
            >>> one = Campaign("spring", date(2026, 3, 1), (), Message("nudge", "sms"), 0.5)
            >>> one.seed == Campaign("spring", date(2026, 4, 1), (), one.message, 0.2).seed
            True
        """
        return int.from_bytes(sha256(f"campaign|{self.name}".encode()).digest()[:6])


def check_campaign(campaign: Campaign) -> None:
    """Refuse a campaign that could not be planned, or that nothing could be learnt from.

    Raises:
        Usage: Says which part, and how to write it.
    """
    if not is_name(campaign.name):
        raise Usage("A campaign is named in small letters, digits and _", where=campaign.name,
                    mend="For example: yellow_spring")  # fmt: skip
    if not SMALLEST_HOLDOUT <= campaign.holdout_share <= LARGEST_HOLDOUT:
        raise Usage(
            f"The hold-out must be from {SMALLEST_HOLDOUT} to {LARGEST_HOLDOUT}", where="--holdout",
            mend="Without people who are left alone nobody can say whether it helped",
        )  # fmt: skip
    if not campaign.where:
        raise Usage("Nobody is chosen", where="--where",
                    mend='Say whom, for example: --where "zone = yellow"')  # fmt: skip
    conditions(campaign.where)


def conditions(where: Iterable[str]) -> dict[str, str]:
    """Return conditions as a column and its cell.

    Raises:
        Usage: One is no condition, or a column is named twice.

    Examples:
        >>> conditions(["zone = yellow; red", "days_past_due >= 30", "debt_months = [1..3)"])
        {'zone': 'yellow; red', 'days_past_due': '>= 30', 'debt_months': '[1..3)'}
    """
    cells: dict[str, str] = {}
    for text in where:
        found = _WHERE.fullmatch(text)
        if not found:
            raise Usage(f"{text!r} is no condition", where="--where",
                        mend='Write it as "zone = yellow" or "days_past_due = [1..30]"',
                        )  # fmt: skip
        name, sign, cell = found.groups()
        if name in cells:
            raise Usage(f"{name} is asked twice", where="--where",
                        mend='Write one range: "days_past_due = [10..30]"')  # fmt: skip
        cells[name] = cell if sign == "=" else f"{sign} {cell}"
    return cells


def set_aside(campaign: Campaign, case: Mapping[str, Any], *, for_a_person: bool) -> list[str]:
    """Return why an account that is chosen gets no message all the same; nothing when it may.

    A campaign is no way around what is owed to people: a death, a dispute, a protected debt, or
    someone who is to be met by a person. A plan or a promise is a reason as well, unless the
    campaign asks for it by name.

    Args:
        case: `holds`, `plan_active`, `promise_open`.
        for_a_person: Whether the night laid the account before a person.
    """
    found = []
    if PEACE & set((case["holds"] or "").split(";")):
        found.append(IN_PEACE)
    if for_a_person:
        found.append(FOR_A_PERSON)
    asked = conditions(campaign.where)
    if any(case[name] and name not in asked for name in _AGREEMENTS):
        found.append(AGREED)
    return found


def as_strategy(campaign: Campaign, inputs: Mapping[str, Input], currency: str) -> Strategy:
    """Return a campaign as a strategy: one row for those who are chosen, silence for the rest.

    Args:
        inputs: What may be asked, by the names that conditions use.
        currency: Of amounts of money in conditions.

    Raises:
        Usage: A column or a word is not known, or a cell is not of its type.
    """
    cells = conditions(campaign.where)
    asked = [_asked(name, cells, inputs) for name in cells]
    for name in (one.name for one in asked if one.circumstances):
        cells[name] = "yes"
    head, table = _head(campaign, asked, currency), _table(campaign, cells)
    try:
        return parse_strategy({"strategy.toml": head, "chosen.csv": table})
    except Refused as fault:
        raise Usage(fault.what, where=f"campaign {campaign.name}",
                    mend=fault.mend or "Write it as a row of a strategy (docs/campaigns.md)",
                    ) from None  # fmt: skip


def _asked(name: str, cells: Mapping[str, str], inputs: Mapping[str, Input]) -> Input:
    if name not in inputs:
        raise Usage(f"The night knows no column {name}", where="--where",
                    mend=f"Known are {', '.join(sorted(inputs))}")  # fmt: skip
    known = inputs[name]
    if not known.circumstances:
        return known
    try:
        return Input(name, "yes_no", circumstances=listed(cells[name], known.circumstances))
    except ValueError as error:
        raise Usage(str(error), where=f"--where, {name}",
                    mend='Write it as "circumstance = hardship; low_income"') from None  # fmt: skip


def _head(campaign: Campaign, asked: Sequence[Input], currency: str) -> str:
    """Return the head; JSON's way of writing texts and lists is TOML's as well."""
    lines = [
        f"name = {json.dumps(campaign.name)}",
        'author = "campaign"',
        f"description = {json.dumps(campaign.message.because)}",
        f"currency = {json.dumps(currency)}",
        "stages = { all = 0 }",
        'tables = [{ name = "chosen", hit = "first", ladder = "most_severe" }]',
        "[treatments]",
        f'{json.dumps(campaign.message.treatment)} = {{ by = "message", about = "one message" }}',
        "[inputs]",
        *(f"{one.name} = {_type(one)}" for one in asked),
    ]
    return "\n".join(lines) + "\n"


def _type(one: Input) -> str:
    more = [f", {word} = {json.dumps(list(words))}"
            for word, words in (("one_of", one.one_of if one.kind == "category" else ()),
                                ("circumstances", one.circumstances)) if words]  # fmt: skip
    return f'{{ type = "{one.kind}"{"".join(more)} }}'


def _table(campaign: Campaign, cells: Mapping[str, str]) -> str:
    said = campaign.message
    ways = {"treatment": said.treatment, "offers": said.offers, "channels": said.channels,
            "tones": said.tones, "parts": said.parts, "because": said.because}  # fmt: skip
    columns = ("id", *cells, *ways)
    silence = {"id": "not_chosen", "treatment": SILENCE, "because": "not chosen"}
    rows = (dict(zip(columns, columns, strict=True)), {"id": ROW, **cells, **ways}, silence)
    return "".join(
        ",".join(_quoted(row.get(column, "")) for column in columns) + "\n" for row in rows
    )


def _quoted(cell: str) -> str:
    """Return a cell as CSV, whatever stands in it."""
    return '"' + cell.replace('"', '""') + '"'
