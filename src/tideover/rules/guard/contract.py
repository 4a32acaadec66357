"""What the contract calls channels and supplies, in the words of the rulebooks: the one table.

Places keep their names. What stands nowhere here is denied with `no rulebook`, never allowed.
"""

from __future__ import annotations

CHANNELS = {
    "email": "email", "sms": "sms", "whatsapp": "whatsapp", "voice": "phone", "letter": "letter",
    "push": "sms", "visit": "in_person",
}  # fmt: skip
# a call that ended in `delivered` left its message with a machine
VOICEMAIL = ("voice", "delivered")
# How a notice is delivered, by channel; nobody serves one by a call.
DELIVERIES = {"letter": "mail", "email": "email", "sms": "sms", "whatsapp": "whatsapp"}

# What a rulebook declares under [facts] to tell a notice that the law requires from other contacts.
REQUIRED = "required_notice"
# And what it declares to tell a word about what the customer agreed to, before its day.
REMINDS = "reminds"

SUPPLIES = {"multi": ("electricity", "gas")}  # both are asked, the stricter verdict binds


def supplies(commodity: str) -> tuple[str, ...]:
    """Return what is asked of an account's commodity.

    Examples:
        >>> supplies("multi"), supplies("water")
        (('electricity', 'gas'), ('water',))
    """
    return SUPPLIES.get(commodity, (commodity,))
