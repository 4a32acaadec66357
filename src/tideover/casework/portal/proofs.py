"""What a page of the portal asks for before it opens: the one table. What is not in it is shut.

`tests/casework/portal` asks every address without a visit, with another customer's, and without a
code, and compares the answer with this table.
"""

from __future__ import annotations

from typing import Literal

Proof = Literal["open", "link", "fact", "code"]

OPEN: Proof = "open"  # says nothing of anyone
LINK: Proof = "link"  # a link was opened; says the utility's name and no more
FACT: Proof = "fact"  # and something was said that the customer knows
CODE: Proof = "code"  # and a code was typed that went to an address on file

PAGES: dict[str, Proof] = {
    "pay_link": OPEN, "help_link": OPEN, "check": OPEN, "check_short": OPEN, "again": OPEN,
    "ask_link": OPEN, "ask": OPEN, "ask_back": OPEN,  # of whoever was asked to pay for another
    "welcome": OPEN, "leave": OPEN, "about": OPEN,
    "not_me": LINK, "stop": LINK,
    "start": FACT, "help": FACT, "disagree": FACT, "messages": FACT, "usage": FACT,
    "preferences": FACT, "programmes": FACT, "bye": FACT, "code": FACT, "code_send": FACT,
    "done": FACT, "calendar": FACT,
    "pay": FACT, "pay_go": FACT, "pay_back": FACT, "plan": FACT, "my_plan": FACT,
    "promise": FACT, "more_time": FACT, "level_bill": FACT, "situation": FACT,
    "hardship": FACT, "counsellor": FACT, "programme": FACT, "dispute": FACT,
    "paid_already": FACT, "moved": FACT, "complaint": FACT, "papers": CODE, "contact": FACT,
    "language": FACT, "named": FACT, "hour": FACT, "pause": FACT, "silence": FACT, "survey": FACT,
    "call_me": FACT, "told": CODE, "take_back": CODE, "certificate": FACT,
    "plan_change": FACT, "ask_other": FACT, "shared": FACT,
}  # fmt: skip
STEP = "_step"  # a journey's questions ask for what the journey asks for


# Journeys whose deed asks for more than their questions: what they bind could harm another.
DEEDS: dict[str, Proof] = {"plan": CODE, "plan_change": CODE, "contact": CODE}
CHECK = "check"  # the page of a journey on which it is done


def proof_of(page: str, step: str = "") -> Proof | None:
    """Return what a page asks for; none where nobody said, and then it stays shut.

    Examples:
        >>> proof_of("plan_step", "payday"), proof_of("plan_step", "check"), proof_of("forgotten")
        ('fact', 'code', None)
    """
    name = page.removesuffix(STEP)
    known = PAGES.get(name)
    return DEEDS.get(name, known) if known and step == CHECK else known
