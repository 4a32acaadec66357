"""Every way the house refuses: what is wrong, where, and how to mend it."""

from __future__ import annotations

DONE, USAGE, REFUSED, STEP_FAILED = 0, 2, 3, 4


class Fault(Exception):
    """A refusal a person can act on.

    Args:
        what: What is wrong, one sentence.
        where: The file, table, column, row or setting; empty when nowhere in particular.
        mend: How to put it right.
    """

    exit_code = STEP_FAILED

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(". ".join(part.rstrip(".") for part in (what, where, mend) if part) + ".")


class Usage(Fault):
    """A command or a setting asks for what cannot be."""

    exit_code = USAGE


class Refused(Fault):
    """Input is not what it claims to be; nothing was changed."""

    exit_code = REFUSED


class StepMissing(Fault):
    """A step has not run, or failed; it can be run again."""

    exit_code = STEP_FAILED


class ColumnMissing(Fault):
    """A table lacks a column that a step needs."""

    exit_code = STEP_FAILED
