"""Stripe Checkout, by Stripe's own client; the extra `stripe` installs it."""
