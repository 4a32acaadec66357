"""Outreach: from a decision to a message that really left, once, and what came back."""
