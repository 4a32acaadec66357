"""The console's pages, one module for what belongs together."""
