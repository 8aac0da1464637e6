"""Measures the product's hot paths beside bare yardsticks, in turn, on one machine; `make bench` runs it."""
