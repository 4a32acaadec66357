"""Twilio: SMS, and automated calls where they are allowed."""
