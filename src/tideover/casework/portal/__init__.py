"""The portal: where a customer looks, pays, spreads, pauses, says what is wrong, and gets help."""
