"""Tideover: helps customers of utilities who fall behind on their bills to catch up."""

__version__ = "0.1.0"
