"""Floor 0: what every room stands on, a closed list."""
