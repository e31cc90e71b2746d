"""The impact sheet: what legal yardsticks ask of a scheme, measured; and what milder forms of it would change."""

from glasshouse.assess.study import Assessment, assess

__all__ = ["Assessment", "assess"]
