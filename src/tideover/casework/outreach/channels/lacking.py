"""A vendor's client that is not installed: said in one line, when it is needed and not before."""

from __future__ import annotations

from tideover.terms.faults import StepMissing


def lacking(what: str, requirement: str) -> StepMissing:
    """Return the fault of a client that is missing, with the line that installs it.

    >>> str(lacking("Twilio's client", "tideover[twilio]"))
    "Twilio's client is missing. Install it with: .venv/bin/pip install 'tideover[twilio]'."
    """
    return StepMissing(f"{what} is missing",
                       mend=f"Install it with: .venv/bin/pip install '{requirement}'")  # fmt: skip
