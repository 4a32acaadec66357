"""What each command of the command line does, by the part of the day it belongs to."""
