"""FLOOR 7: home, regulations, help, health."""
