"""FLOOR 4: the essay track."""
