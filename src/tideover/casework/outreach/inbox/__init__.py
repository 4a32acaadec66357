"""The inbox: what providers tell is verified, stored once, and processed from here."""
