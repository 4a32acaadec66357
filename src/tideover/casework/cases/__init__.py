"""Cases: what is known and what happened, for every account in treatment."""
