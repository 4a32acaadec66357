"""What a decision becomes as a message: what it is for, in which form and language."""

from __future__ import annotations

NOTICE, BEFORE_DUE, DAY_AFTER = "statutory_notice", "before_due", "day_after_due"
# What each treatment of the shipped strategies is for.
PURPOSES = {
    "heads_up": BEFORE_DUE,
    "payment_link": DAY_AFTER, "gentle_reminder": DAY_AFTER, "reminder_with_autopay": DAY_AFTER,
    "reminder": DAY_AFTER, "settle_final_bill": DAY_AFTER,
    "act_early": "yellow_zone",
    "get_back_on_track": "help", "assistance": "help", "plan_offer": "help",
    "plan_reminder": "plan_reminder", "promise_reminder": "promise_reminder",
    "statutory_reminder": NOTICE, "ten_day_notice": NOTICE,
}  # fmt: skip
# What a utility's own treatments are for, where they do not say so by their name.
PURPOSES_OF_ZONES = {"yellow": "yellow_zone", "red": "help"}

FORMS = {"sms": "short", "whatsapp": "short", "voice": "spoken", "email": "long",
         "letter": "letter"}  # fmt: skip
LANGUAGES = ("en", "nl", "es", "fr")
# Where a customer did not say: what is spoken at the place, else English.
LANGUAGES_OF_PLACES = {"NL": "nl", "BE-VLG": "nl", "BE-WAL": "fr", "BE-BRU": "fr", "FR": "fr",
                       "LU": "fr", "ES": "es", "US-PR": "es"}  # fmt: skip


def purpose_of(treatment: str, *, stage: str, zone: str, notice: str = "") -> str:
    """Return what a message is for; it chooses the text.

    Args:
        notice: The kind of a formal notice, where it is one.

    Examples:
        >>> purpose_of("act_early", stage="early", zone="yellow")
        'yellow_zone'
        >>> purpose_of("our_own", stage="early", zone="red")
        'help'
    """
    if notice:
        return NOTICE
    if treatment in PURPOSES:
        return PURPOSES[treatment]
    if treatment in PURPOSES.values():
        return treatment
    return BEFORE_DUE if stage == BEFORE_DUE else PURPOSES_OF_ZONES.get(zone, DAY_AFTER)


def language_of(said: str, jurisdiction: str) -> str:
    """Return the language to write in: the customer's where we have it, else the place's.

    Examples:
        >>> language_of("nl-NL", "US-PA"), language_of("de", "BE-VLG"), language_of("", "US-PA")
        ('nl', 'nl', 'en')
    """
    spoken = said.split("-")[0].lower()
    if spoken in LANGUAGES:
        return spoken
    place = LANGUAGES_OF_PLACES.get(jurisdiction)
    return place or LANGUAGES_OF_PLACES.get(jurisdiction.partition("-")[0], "en")
