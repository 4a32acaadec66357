"""What can be said for certain of a customer's reply, from lists of words that are handed in."""
