"""Addresses as they are kept, compared and sent to; one that leads nowhere is refused with why.

Two ways of writing one address give one *mark* (`sealed.mark`), so that a reply finds its account
and a household is not contacted five times.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberType

from tideover.casework.sealed import mark
from tideover.terms.faults import Refused

BY_NUMBER = ("sms", "whatsapp", "voice")
_TEXTABLE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTED = re.compile(r'"([^"\\\r\n]|\\[^\r\n])+"')
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_MOST_LINES, _MOST_LETTERS = 8, 60

# No country has 999, so made-up utilities write numbers with it: nobody real is ever called.
_MADE_UP = re.compile(r"\+999\d{6,12}")


def normal(channel: str, text: str, country: str = "") -> str:
    """Return an address as it is sent to.

    Args:
        channel: As in the contract.
        country: Two letters, for a number without its country: that of the account.

    Raises:
        Refused: It leads nowhere by this channel, and why.
    """
    if channel in BY_NUMBER:
        return number(text, country, textable=channel != "voice")
    if channel == "email":
        return email(text)
    if channel in ("letter", "visit"):
        return postal(text)
    return _plain(text)


def marked(channel: str, text: str, country: str = "") -> str:
    """Return the mark of an address, the same however it is written; of any text as it stands."""
    try:
        address = normal("voice" if channel in BY_NUMBER else channel, text, country)
    except Refused:
        address = _plain(text)
    return mark(address.casefold())


def number(text: str, country: str = "", *, textable: bool = False) -> str:
    """Return a telephone number in E.164 form.

    Args:
        textable: It must take texts: a mobile, or where numbers do not tell (US).

    >>> number("06 12 34 56 78", "NL")
    '+31612345678'
    """
    if _MADE_UP.fullmatch(_plain(text)):
        return _plain(text)
    try:
        found = phonenumbers.parse(_plain(text), country.upper() or None)
    except phonenumbers.NumberParseException:
        mend = "Write it with its country: +31612345678"
        raise _refused("This is no telephone number", mend) from None
    if not phonenumbers.is_valid_number(found):
        raise _refused("No such telephone number is in use", "Ask the customer for it again")
    if textable and phonenumbers.number_type(found) not in _TEXTABLE:
        raise _refused("A landline takes no texts", "Call it, or write by another channel")
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def email(text: str) -> str:
    """Return an e-mail address, its domain in ASCII and small letters.

    >>> email("anna@BÜCHER.example")
    'anna@xn--bcher-kva.example'
    """
    said = unicodedata.normalize("NFC", _plain(text))
    local, at, domain = said.rpartition("@")
    if not at or not (_LOCAL.fullmatch(local) or _QUOTED.fullmatch(local)) or len(local) > 64:
        raise _refused("This is no e-mail address", "Ask the customer for it again")
    try:
        ascii_domain = domain.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused("The domain of this e-mail address is none", "Ask the customer for it again")
    return f"{local}@{ascii_domain}"


def postal(text: str) -> str:
    """Return a postal address: two to eight lines that fit a window envelope."""
    said = unicodedata.normalize("NFC", text)
    lines = [" ".join(line.split()) for line in re.split(r"[\r\n;]+", said)]
    lines = [line for line in lines if line]
    if not 2 <= len(lines) <= _MOST_LINES:
        raise _refused(f"A postal address has 2 to {_MOST_LINES} lines", "Mend it in the CIS")
    if any(len(line) > _MOST_LETTERS or not line.isprintable() for line in lines):
        raise _refused(
            "A line of this postal address is too long, or not text", "Mend it in the CIS"
        )
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return a text without what cannot be seen: zero-width marks, turns of direction."""
    if text.isprintable():  # nothing of the kind in it, as nearly always
        return text.strip()
    seen = (c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))
    return "".join(seen).strip()


def _refused(what: str, mend: str) -> Refused:
    # without the address itself: a fault ends up in logs
    return Refused(what, mend=mend)
