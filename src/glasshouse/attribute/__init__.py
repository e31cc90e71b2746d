"""Which rule did it: every harm of a scheme shared out among its rules.

Worlds with the same people and the same luck are lived under coalitions of rules; leave-one-out, first-in and
Shapley values come out of their differences, in exact arithmetic.
"""

from glasshouse.attribute.attribution import Question, attribute, question
from glasshouse.attribute.result import Attribution

__all__ = ["Attribution", "Question", "attribute", "question"]
