"""The words of the house: money, days, tables, events, faults. Standard library only."""
