"""FLOOR 6: ranking, ties, prizes, awards, publications."""
