"""A twin that lives on, day by day, and answers what is said to its customers."""

from tideover.rehearsal.living.messages import Messages
from tideover.rehearsal.living.policies import SIMPLE, Policy
from tideover.rehearsal.living.tally import Night, lived
from tideover.rehearsal.living.world import World

__all__ = ["SIMPLE", "Messages", "Night", "Policy", "World", "lived"]
