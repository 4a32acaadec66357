"""Campaigns: planned on the facts of a night, kept as planned, and what came of them."""
