"""A year lived by hand: one citizen's choices in a small society of the oracle, beside a twin who chose otherwise."""

from glasshouse.play.choices import ANSWERS, QUESTIONS
from glasshouse.play.game import TWINS, Game

__all__ = ["ANSWERS", "QUESTIONS", "TWINS", "Game"]
