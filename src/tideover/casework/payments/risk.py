"""The signs that a plan's next part may be hard, as they are known today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from tideover.casework.cases.models import Circumstance, Promise
from tideover.casework.payments.arranging import usual_bill_minor
from tideover.casework.payments.keeping import agreed_of, how_it_stands, money_of
from tideover.casework.payments.models import Arrangement
from tideover.rules.arrangement.promise import BROKEN
from tideover.rules.arrangement.risk import Risk, Signs, late_parts, risk
from tideover.terms.calendar import days

HALF_A_YEAR = days(182)


def risk_of(plan: Arrangement, day: date) -> Risk:
    """Return how hard the next part of a plan may be."""
    stands, account = how_it_stands(plan, day), plan.account
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    known = Circumstance.objects.filter(in_force, person=account.person_id, starts_on__lte=day)
    broken = Promise.objects.filter(account=account, how=BROKEN, due_on__gte=day - HALF_A_YEAR)
    late = late_parts(agreed_of(plan).instalments, money_of(plan), day)
    return risk(Signs(
        missed=len(stands.forgiven), late=late,
        moved=plan.moves, promises_broken=broken.count(),
        part_minor=stands.next.amount_minor if stands.next else 0,
        usual_bill_minor=usual_bill_minor(account),
        circumstances=frozenset(known.values_list("kind", flat=True)),
    ))  # fmt: skip
