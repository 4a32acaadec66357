"""A payment's reference as a code that a till reads: Code 128 (set B), or QR.

Source: ISO/IEC 15417 (Code 128); QR is segno's.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import segno

QR, CODE_128 = "qr", "code128"
KINDS = (QR, CODE_128)
_START_B, _STOP = 104, "2331112"
# The widths of bar, space, bar, ... of the values 0 to 105; the last three are the starts.
_TABLE = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232
"""
_WIDTHS = _TABLE.split()
_QUIET, _HIGH = 10, 50


def code_of(kind: str, reference: str) -> str:
    """Return an image of a reference, as the source of an `img`.

    Args:
        kind: `qr` or `code128`.
        reference: Letters and digits.
    """
    if kind == QR:
        return str(segno.make(reference, error="m").svg_data_uri(scale=6, border=4))
    return f"data:image/svg+xml,{quote(_svg(reference))}"


def values(reference: str) -> list[int]:
    """Return the values of a Code 128: the start, each sign, and the check before the stop.

    Examples:
        >>> values("PJJ123C")[-1]
        55
    """
    signs = [ord(sign) - 32 for sign in reference]
    if not all(0 <= sign < 95 for sign in signs):
        raise ValueError("A reference has letters and digits alone")
    check = (_START_B + sum(place * sign for place, sign in enumerate(signs, 1))) % 103
    return [_START_B, *signs, check]


def _bars(reference: str) -> Iterator[tuple[int, int]]:
    """Yield where each bar begins, and how wide it is, in modules."""
    at = _QUIET
    for widths in (*(_WIDTHS[value] for value in values(reference)), _STOP):
        for place, width in enumerate(map(int, widths)):
            if place % 2 == 0:
                yield at, width
            at += width


def _svg(reference: str) -> str:
    bars = list(_bars(reference))
    wide = sum(bars[-1]) + _QUIET
    drawn = "".join(f"M{at} 0h{width}v{_HIGH}h-{width}z" for at, width in bars)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {_HIGH}" '
            f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{wide}v{_HIGH}H0z"/>'
            f'<path d="{drawn}"/></svg>')  # fmt: skip
