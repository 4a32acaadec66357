"""CIS export -> accepted rows and quarantined rows with reasons."""

from tideover.portfolio.intake.held import quarantine
from tideover.portfolio.intake.load import IntakeReport, ingest
from tideover.portfolio.intake.preview import Preview, check

__all__ = ["IntakeReport", "Preview", "check", "ingest", "quarantine"]
