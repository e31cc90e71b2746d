"""One citizen's year, beside the twin's: replayed by the oracle from what crossed between citizens."""

from glasshouse.life.pick import PICKS
from glasshouse.life.source import Recorded, recorded_world
from glasshouse.life.telling import Diary, Life, Line, live_again, refuse_small

__all__ = ["PICKS", "Diary", "Life", "Line", "Recorded", "live_again", "recorded_world", "refuse_small"]
