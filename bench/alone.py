"""One measurement of bench.run, run by itself: what its command asks for and what it prints; bench.boards, crowded and rush call it."""

import argparse
from collections.abc import Callable

Measure = Callable[[int, int], tuple[list[str], bool]]


def run_alone(
    measure: Measure, *, doc: str | None, title: str, of: str = "attempts", count: int = 100_000, connections: int = 16
) -> int:
    """Measure so many of what is named and print it; the status is 1 when a promise is broken. `title` is a format of the two numbers."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument(f"--{of}", dest="count", metavar="N", type=int, default=count)
    parser.add_argument("--connections", metavar="N", type=int, default=connections)
    options = parser.parse_args()
    lines, kept = measure(options.count, options.connections)
    print("\n".join(["\n" + title.format(options.count, options.connections), *lines]))
    return 0 if kept else 1
