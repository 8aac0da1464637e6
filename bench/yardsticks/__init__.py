"""Bare applications that do the least that a path could do; the product is measured against them."""
