"""Which assumptions the figures hang on, found from worlds at many places of their ranges.

A screening moves one assumption at a time along walks through all ranges (Morris); indices share out the variance of a
few (Sobol). Luck is one more input of either.
"""

from glasshouse.sensitivity.result import Sensitivity
from glasshouse.sensitivity.study import Question, question, sensitivity

__all__ = ["Question", "Sensitivity", "question", "sensitivity"]
