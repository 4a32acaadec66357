"""Parts of a text message are counted as the network counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.casework.outreach.content.sms import BASIC, EXTENDED, parts, plainer


@pytest.mark.parametrize(("text", "encoding", "count"), [
    ("", "GSM-7", 1), ("a" * 160, "GSM-7", 1), ("a" * 161, "GSM-7", 2), ("a" * 306, "GSM-7", 2),
    ("a" * 307, "GSM-7", 3), ("a" * 459, "GSM-7", 3), ("a" * 460, "GSM-7", 4),
    ("€" * 80, "GSM-7", 1), ("€" * 81, "GSM-7", 2), ("a" * 158 + "€", "GSM-7", 1),
    ("a" * 159 + "€", "GSM-7", 2), ("á" * 70, "UCS-2", 1), ("á" * 71, "UCS-2", 2),
    ("á" * 134, "UCS-2", 2), ("á" * 135, "UCS-2", 3), ("🙂" * 35, "UCS-2", 1),
    ("🙂" * 36, "UCS-2", 2),
])  # fmt: skip
def test_a_text_has_this_many_parts(text: str, encoding: str, count: int) -> None:
    assert (parts(text).encoding, parts(text).count) == (encoding, count)


def test_an_escaped_letter_is_never_cut_in_two() -> None:
    # 152 letters leave one septet in the first part, and the euro needs two
    assert parts("a" * 152 + "€" + "a" * 151).count == 2
    assert parts("a" * 152 + "€" + "a" * 152).count == 3


def test_a_pair_of_ucs2_units_is_never_cut_in_two() -> None:
    assert parts("á" * 66 + "🙂" + "á" * 65).count == 2
    assert parts("á" * 66 + "🙂" + "á" * 66).count == 3


def test_the_alphabet_has_its_137_letters() -> None:
    assert len(BASIC) == 127  # 128 places, one of which is the escape
    assert len(EXTENDED) == 10


def test_letters_outside_the_alphabet_are_listed_once_in_order() -> None:
    assert parts("Está aquí, más allá").outside == ("á", "í")


def test_a_no_break_space_does_not_double_the_price() -> None:
    text = "Uw rekening is €\u00a064,34. " * 6
    assert parts(text).cost_minor(8) == 24
    assert parts(plainer(text)).cost_minor(8) == 8


@given(st.text(max_size=400))
def test_more_text_never_takes_fewer_parts(text: str) -> None:
    assert parts(text).count <= parts(text + "a").count
    assert (parts(text).encoding == "GSM-7") == (not parts(text).outside)
