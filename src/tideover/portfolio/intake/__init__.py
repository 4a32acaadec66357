"""CIS export -> accepted rows and quarantined rows with reasons."""

from tideover.portfolio.intake.held import quarantine
from tideover.portfolio.intake.load import Conditions, came_by_api, ingest
from tideover.portfolio.intake.preview import Preview, check
from tideover.portfolio.intake.report import IntakeReport

__all__ = ["Conditions", "IntakeReport", "Preview", "came_by_api", "check", "ingest", "quarantine"]
