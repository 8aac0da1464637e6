"""FLOOR 4: the photo track."""
