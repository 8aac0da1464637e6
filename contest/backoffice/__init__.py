"""FLOOR 7: the organisers' desk, one file per room that it governs; no models and no rules of its own."""
