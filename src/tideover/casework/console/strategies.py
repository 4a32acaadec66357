"""Strategies as the workspace has them, and what two people said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from tideover.casework import place
from tideover.casework.access.permissions import rule_of
from tideover.casework.console.models import StrategyApproval
from tideover.rules.strategy import hash_of, parse_strategy
from tideover.terms.faults import Fault, Refused

_KINDS, _MOST_BYTES = (".toml", ".csv"), 1_000_000


@dataclass(frozen=True)
class WorkingCopy:
    """The strategy that is being worked on.

    Args:
        wrong: Why it is no strategy; empty where it is one.
    """

    name: str
    digest: str
    texts: Mapping[str, str]
    wrong: str = ""


def working_copy() -> WorkingCopy | None:
    """Return the strategy that is being worked on; none where the workspace has none."""
    folder = place.workspace() / "strategy"
    texts = _texts(folder)
    if not texts:
        return None
    try:
        return WorkingCopy(parse_strategy(texts).name, hash_of(texts), texts)
    except Fault as fault:
        return WorkingCopy("", hash_of(texts), texts, wrong=str(fault))


def _texts(folder: Path) -> dict[str, str]:
    """Return a strategy's files by name; a file too large or no UTF-8 is none of them."""
    found = {}
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if path.suffix in _KINDS and path.is_file() and path.stat().st_size < _MOST_BYTES:
            found[path.name] = path.read_text(encoding="utf-8", errors="replace")
    return found


def published() -> list[dict[str, Any]]:
    """Return what was published, newest first: version, author, from which day it holds."""
    path = place.workspace() / "strategies" / "published.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        rows = [{**one["version"], "from_day": one["from_day"]} for one in said]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return rows[::-1]


@transaction.atomic
def propose(*, by: str, why: str) -> StrategyApproval:
    """Propose the working copy as it stands.

    Raises:
        Refused: There is none, it is no strategy, or it was proposed already.
    """
    copy = working_copy()
    if copy is None or copy.wrong:
        raise Refused("The working copy is no strategy", mend=copy.wrong if copy else "Make one")
    try:
        with transaction.atomic():
            return StrategyApproval.objects.create(
                name=copy.name, digest=copy.digest, why=why[:300], author=by
            )
    except IntegrityError:
        raise Refused("This very strategy was proposed already") from None


@transaction.atomic
def approve(proposal_id: int, *, by: str, at: datetime) -> None:
    """Approve what somebody else proposed.

    Raises:
        Refused: It is one's own, or was approved already.
    """
    proposal = StrategyApproval.objects.select_for_update().get(pk=proposal_id)
    if proposal.approver:
        raise Refused("This strategy was approved already", where=proposal.approver)
    if proposal.author == by:
        raise Refused("Whoever proposed a strategy does not approve it", mend="Ask somebody else")
    StrategyApproval.objects.filter(pk=proposal.pk).update(approver=by, approved_at=at)


def two_could_agree() -> bool:
    """Say whether somebody with a login may propose a strategy, and somebody else approve it."""
    propose, approve = (_who_may(page) for page in ("strategy_propose", "strategy_approve"))
    return any(approve - {one} for one in propose)


def _who_may(page: str) -> set[str]:
    rule = rule_of(f"console:{page}")
    roles = rule if isinstance(rule, frozenset) else frozenset()
    staff = User.objects.filter(is_active=True, groups__name__in=roles)
    return set(staff.values_list("username", flat=True))


def approved(digest: str) -> tuple[str, str] | None:
    """Return who wrote and who approved a strategy of this hash; none where nobody did both.

    Whoever publishes a strategy may ask this before it holds.
    """
    found = StrategyApproval.objects.filter(digest=digest).exclude(approver="").first()
    return (found.author, found.approver) if found else None
