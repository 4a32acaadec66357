"""The roles of staff: groups that a migration makes; without one nobody may do anything."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group

AGENT = "agent"  # works on cases
TEAM_LEAD = "team lead"  # an agent who also runs the outbox
STRATEGIST = "strategist"  # writes strategies and texts
COMPLIANCE = "compliance officer"  # reads everything, approves, and sees who looked at whom
ANALYST = "analyst"  # reads reports and strategies; no customer
ADMINISTRATOR = "administrator"  # runs the machine; no customer
CARE = "care specialist"  # an agent who is trained for it, and sees what calls for care
ROLES = (AGENT, TEAM_LEAD, STRATEGIST, COMPLIANCE, ANALYST, ADMINISTRATOR, CARE)

Visitor = AbstractBaseUser | AnonymousUser


def roles_of(visitor: Visitor) -> frozenset[str]:
    """Return the roles somebody has; being a superuser of Django's gives none."""
    if not visitor.is_authenticated or not getattr(visitor, "is_active", False):
        return frozenset()
    groups = Group.objects.filter(user=visitor.pk).values_list("name", flat=True)
    return frozenset(groups) & frozenset(ROLES)
