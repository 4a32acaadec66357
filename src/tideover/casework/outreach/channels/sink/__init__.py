"""The embedded default: nothing leaves; every message lies in a local mailbox."""
