"""What a scheme does wrong, for how long, and what it silences: error audit, recovery clock and traps, chilling."""

from glasshouse.harm.audit import Audit, Detector, Fairness
from glasshouse.harm.chilling import Chilling
from glasshouse.harm.recovery import Recovery
from glasshouse.harm.study import Harm, harm
from glasshouse.harm.traps import Trap, traps_of

__all__ = ["Audit", "Chilling", "Detector", "Fairness", "Harm", "Recovery", "Trap", "harm", "traps_of"]
