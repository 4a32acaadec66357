"""certificate_hold: a doctor's word protects for a time; the longest of several counts."""

from __future__ import annotations

from dataclasses import replace

from tideover.rules.guard import vocabulary as said
from tideover.rules.guard.primitives.clause import Evaluate, Outcome, Terms, until
from tideover.rules.guard.scenario import Moment

_PATH = "customer.medical_certificates"


def certificate_hold(terms: Terms) -> Evaluate:
    """Wait for the latest `until` of the certificates that `counts` and that were received.

    Both are asked of each certificate, whose facts are named `entry.received_on` and so on.
    """
    kinds = said.CUSTOMER.kinds["medical_certificates"][0].kinds
    of_entry = replace(terms, scope=replace(terms.scope, entry=kinds))
    counts = of_entry.test("counts").run if terms.has("counts") else None
    ends = of_entry.run("until")
    terms.asks(_PATH)

    def evaluate(moment: Moment) -> Outcome:
        latest = None
        for entry in moment.flat.get(_PATH, ()):
            moment.entry = entry
            if entry["received_on"] > moment.day or (counts and not counts(moment)):
                continue
            over = ends(moment)
            if over is not None and (latest is None or over > latest):
                latest = over
        return until(moment, latest)

    return evaluate
