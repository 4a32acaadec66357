"""Payment references that a bank can check: ISO 11649 (RF) and the check digits of an IBAN."""

from __future__ import annotations

import re

_BODY = re.compile(r"[0-9A-Z]{1,21}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", re.ASCII)


def rf_reference(body: str) -> str:
    """Return a creditor reference: RF, two check digits, and what it stands for.

    A payment that carries it can be matched without a person, since a mistyped one fails its check.

    Args:
        body: 1 to 21 letters and digits, e.g. a number of ours for the case; no name.

    Source:
        ISO 11649; check digits as ISO 7064, MOD 97-10.

    Examples:
        >>> rf_reference("539007547034")
        'RF18539007547034'
        >>> rf_reference("2348-236")
        Traceback (most recent call last):
        ValueError: '2348-236' cannot be a creditor reference: 1 to 21 of A to Z and 0 to 9
    """
    if not _BODY.fullmatch(body):
        raise ValueError(f"{body!r} cannot be a creditor reference: 1 to 21 of A to Z and 0 to 9")
    return f"RF{98 - _mod97(body + 'RF00'):02d}{body}"


def is_rf_reference(text: str) -> bool:
    """Say whether a text is a creditor reference whose check digits hold; spaces do not matter.

    Examples:
        >>> is_rf_reference("RF18 5390 0754 7034"), is_rf_reference("RF18 5390 0754 7043")
        (True, False)
    """
    packed = text.replace(" ", "")
    shaped = packed[:2] == "RF" and packed[2:4].isdigit() and _BODY.fullmatch(packed[4:])
    return bool(shaped) and _mod97(packed[4:] + packed[:4]) == 1


def is_iban(text: str) -> bool:
    """Say whether an account number's shape and check digits hold; spaces do not matter.

    Examples:
        >>> is_iban("NL91 ABNA 0417 1643 00"), is_iban("NL91 ABNA 0417 1643 01")
        (True, False)
    """
    packed = text.replace(" ", "")
    return bool(_IBAN.fullmatch(packed)) and _mod97(packed[4:] + packed[:4]) == 1


def in_fours(text: str) -> str:
    """Return a reference or an account number as it is printed, in groups of four.

    Examples:
        >>> in_fours("RF18539007547034")
        'RF18 5390 0754 7034'
    """
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _mod97(text: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in text)) % 97
