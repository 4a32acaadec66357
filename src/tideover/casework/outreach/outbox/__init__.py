"""The outbox: claim, intent, call, finish, with a commit between them."""
