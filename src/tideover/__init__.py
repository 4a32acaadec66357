"""Tideover: helps customers of utilities who fall behind on their bills to catch up."""
