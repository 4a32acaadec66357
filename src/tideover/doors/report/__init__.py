"""The page a collections manager opens in the morning."""

from tideover.doors.report.page import page, write_report

__all__ = ["page", "write_report"]
