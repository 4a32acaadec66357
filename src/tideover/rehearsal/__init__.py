"""A whole utility made up, and strategies tried on the past."""
