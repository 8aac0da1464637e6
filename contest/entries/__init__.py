"""FLOOR 3: the envelope of an essay or photo work: entrant, round, state, blind code, receipt, limits."""
