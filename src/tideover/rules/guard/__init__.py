"""The compliance guard: allow, defer until, or deny, with every rule that fired and its source."""
