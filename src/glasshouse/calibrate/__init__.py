"""Named numbers of a scenario fitted to published aggregates, with intervals, and what the rest of the record says.

The only way in is a small table of published counts: a closed list of statistics, cells of at least 10, a source in
each row. Nothing that could be about one person is taken in.
"""

from glasshouse.calibrate.result import Calibration
from glasshouse.calibrate.study import Question, calibrate, question

__all__ = ["Calibration", "Question", "calibrate", "question"]
