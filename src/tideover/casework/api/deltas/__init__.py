"""Rows that come between two exports: kept for the load, their payments heeded now."""
