"""A refusal says what is wrong, where, and how to mend it, and ends with its own code."""

from __future__ import annotations

import pytest

from tideover.terms import faults


def test_a_refusal_is_one_plain_line() -> None:
    fault = faults.Refused("The file is cut off", where="bills.csv, line 7", mend="Send it again.")
    assert str(fault) == "The file is cut off. bills.csv, line 7. Send it again."
    assert (fault.what, fault.where) == ("The file is cut off", "bills.csv, line 7")


def test_what_is_not_said_leaves_no_gap() -> None:
    assert str(faults.StepMissing("No night yet")) == "No night yet."


@pytest.mark.parametrize(("kind", "code"), [
    (faults.Usage, 2), (faults.Refused, 3), (faults.StepMissing, 4), (faults.ColumnMissing, 4),
])  # fmt: skip
def test_every_fault_ends_a_command_with_its_code(kind: type[faults.Fault], code: int) -> None:
    assert kind("It cannot be").exit_code == code
