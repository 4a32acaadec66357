"""The analytics plane: the whole customer base, columnar, one step a table."""
