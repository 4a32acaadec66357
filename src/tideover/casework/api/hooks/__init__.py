"""Webhooks: what happened, told to other systems in order, at least once, signed."""
