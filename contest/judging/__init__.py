"""FLOOR 5: stages, panels, assignment, scorecards, aggregation."""
