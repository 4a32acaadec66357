"""What each command of the command line does, by the part of the day it belongs to.

Engines and Arrow take seconds to import, and `--help` and `init` need none: so these modules import
at the top what is light, and what is heavy inside the command that works with it.
"""
