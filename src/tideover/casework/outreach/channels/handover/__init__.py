"""Hand-over: any other system takes a message by a signed call."""
