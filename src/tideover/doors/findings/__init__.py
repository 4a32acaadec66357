"""What works: what followed decisions, what a policy is worth, experiments and measures."""
