"""FLOOR 4: the quiz track."""
