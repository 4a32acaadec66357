"""What a utility says of the choice: how ways are drawn, what a day has room for, usual reasons."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChoiceSettings:
    """How treatments are drawn, and what counts as having helped.

    Args:
        holdout_share, holdout: The share that is never contacted, and its name.
        seed: Of the draws.
        method: `uniform`, or `thompson`: by what was learnt, and uniform until there is evidence.
        floor: The least probability of each permitted way.
        leave_alone_in: Zones in which not contacting is one of the ways.
        evidence: Fewer decisions than this, of equal weight, are no evidence.
        half_life_days: A decision that old weighs half.
        learn_days: Learnt anew after so many days.
        reward_days: What followed a decision is looked at for so many days: 7, 14, 30 or 60.
        reward_cured, reward_plan_kept: For an account that was cured, and for one that kept its
            plan; the larger of these.
        reward_promised: For one whose customer promised to pay; the larger of these three.
        reward_paid, reward_linked: For all its arrears paid, and paid through the message itself;
            for a part of them that part of it.
        price_money: Off for each unit of currency that a contact costs.
        price_complaint, price_opt_out: Off for each of these.
    """

    holdout_share: float = 0.05
    holdout: str = "standing"
    seed: int = 20260101
    method: str = "uniform"
    floor: float = 0.03
    leave_alone_in: tuple[str, ...] = ("green", "yellow")
    evidence: int = 500
    half_life_days: int = 90
    learn_days: int = 7
    reward_days: int = 30
    reward_cured: float = 1.0
    reward_plan_kept: float = 1.0
    reward_promised: float = 0.0
    reward_paid: float = 0.0
    reward_linked: float = 0.0
    price_money: float = 0.02
    price_complaint: float = 3.0
    price_opt_out: float = 1.0

    @property
    def of_account(self) -> bool:
        """Whether what is rewarded may follow from more than one message."""
        return any((self.reward_cured, self.reward_plan_kept, self.reward_paid))


@dataclass(frozen=True)
class CapacitySettings:
    """How much of what is scarce a day has; below zero there is no limit.

    Args:
        agent_hours: Of people who call; a call by phone takes `minutes_a_call`.
    """

    letters: int = -1
    calls: int = -1
    agent_hours: float = -1.0
    minutes_a_call: float = 6.0


@dataclass(frozen=True)
class WhySettings:
    """How usual each reason for not paying is thought to be, before anything of an account is seen.

    They need not add up to one; what counts is how they compare.
    """

    forgot: float = 0.40
    payday: float = 0.12
    stretched: float = 0.25
    crisis: float = 0.08
    avoids: float = 0.08
    disputes: float = 0.03
    moved: float = 0.04
