"""Whole minor units of one currency; the only place an amount is parsed, printed, or split."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: digits after the point. A currency that is not here is not accepted.
MINOR_DIGITS: dict[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF",
                     "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys((
        "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BMD",
        "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP",
        "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
        "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS",
        "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD",
        "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN",
        "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR",
        "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
        "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD",
        "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VES", "WST", "XCD", "YER", "ZAR", "ZMW"), 2),
}  # fmt: skip

LARGEST_WHOLE_DIGITS = 14  # 64 bits have room to add nine hundred of the largest in cents

_TEXT = re.compile(r"(-?)(\d{1,14})(?:\.(\d+))?", re.ASCII)


def minor(text: str, currency: str) -> int:
    """Return an amount's text as whole minor units, exactly.

    Args:
        text: Decimal with a point and no grouping, e.g. `1234.50`.
        currency: ISO 4217 code.

    Raises:
        ValueError: The text is no such decimal, or has more digits than the currency.

    Examples:
        >>> minor("1234.50", "EUR"), minor("-3", "EUR"), minor("7", "JPY")
        (123450, -300, 7)
    """
    digits = MINOR_DIGITS[currency]
    found = _TEXT.fullmatch(text)
    if not found or len(found[3] or "") > digits:
        raise ValueError(f"{text!r} is not an amount in {currency}")
    value = int(found[2] + (found[3] or "").ljust(digits, "0"))
    return -value if found[1] else value


def text(minor_units: int, currency: str) -> str:
    """Return whole minor units as decimal text with all of the currency's digits.

    Examples:
        >>> text(-5, "EUR"), text(123450, "EUR"), text(7, "JPY")
        ('-0.05', '1234.50', '7')
    """
    digits = MINOR_DIGITS[currency]
    sign, value = ("-" if minor_units < 0 else ""), abs(minor_units)
    if digits == 0:
        return f"{sign}{value}"
    return f"{sign}{value // 10**digits}.{value % 10**digits:0{digits}d}"


def rounded(amount: Decimal, currency: str) -> int:
    """Return an amount that may be finer than its currency as whole minor units, halves upwards.

    For costs and estimates; what anyone owes is never rounded.

    Examples:
        >>> rounded(Decimal("0.0849"), "EUR"), rounded(Decimal("12.5"), "JPY")
        (8, 13)
    """
    whole = amount.scaleb(MINOR_DIGITS[currency]).quantize(Decimal(1), ROUND_HALF_UP)
    return int(whole)


def split(total: int, parts: int) -> Sequence[int]:
    """Return equal parts that add up exactly; the remainder goes on the first, one unit each.

    Args:
        total: Minor units, zero or more.
        parts: One or more.

    Examples:
        >>> split(1000, 3)
        [334, 333, 333]
    """
    share, rest = divmod(total, parts)
    return [share + 1] * rest + [share] * (parts - rest)
