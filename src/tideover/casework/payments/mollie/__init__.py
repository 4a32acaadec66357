"""Mollie payments and payment links, by Mollie's own client; the extra `mollie` installs it."""
