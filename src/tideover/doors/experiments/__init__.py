"""Experiments: several messages given by lot, and what each added."""
