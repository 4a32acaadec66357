"""Payments: what customers pay and agree to pay, seen before the utility's own books show it."""
