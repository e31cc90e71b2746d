"""What a day does: the plan, the order of the day, one small file per mechanism, and the oracle."""
