"""Speed and memory, as ratios run side by side: `make bench`, or `python -m bench --help`."""
