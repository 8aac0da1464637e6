"""FLOOR 2: when and how. Contest, track, round, rule parameters."""
