"""Calls that people make: a message by voice is listed for an agent, with what to say."""
