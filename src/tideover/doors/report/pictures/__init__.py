"""The page's pictures: SVG that carries its title and description, and the page's colours."""

from tideover.doors.report.pictures.calibration import calibration_picture
from tideover.doors.report.pictures.columns import Bar, columns_picture
from tideover.doors.report.pictures.curve import curve_picture
from tideover.doors.report.pictures.shares import Dot, shares_picture
from tideover.doors.report.pictures.stripes import Stripe, stripes_picture

__all__ = [
    "Bar", "Dot", "Stripe", "calibration_picture", "columns_picture", "curve_picture",
    "shares_picture", "stripes_picture",
]  # fmt: skip
