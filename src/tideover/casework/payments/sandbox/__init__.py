"""A bank that moves no money and else behaves like one: to try everything, and for tests."""
