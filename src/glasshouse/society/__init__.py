"""Who lives there: citizens as pure functions of (scenario, seed, number), their ties, and the columns of state."""
