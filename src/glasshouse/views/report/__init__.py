"""The report: one HTML file that opens offline, and every figure beside it as files."""

from glasshouse.views.report.page import write_report
from glasshouse.views.report.runview import RunView, of_run

__all__ = ["RunView", "of_run", "write_report"]
