"""The ways a message leaves: each a folder with its adapter. Only the sender and the inbound
reader import them, so that nothing leaves but through the guard."""
