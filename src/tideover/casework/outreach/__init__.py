"""What leaves for customers, and what comes back from them."""
