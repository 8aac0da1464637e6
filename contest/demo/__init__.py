"""The demo contest, plainly invented; wiring, so it may import any room."""
