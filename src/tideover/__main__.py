"""Run the command line with `python -m tideover`."""

from tideover.doors.cli import main

if __name__ == "__main__":
    main()
