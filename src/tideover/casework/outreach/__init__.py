"""Outreach: what leaves, once, and what comes back."""
