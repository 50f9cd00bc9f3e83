"""Draft terms over past orders, read-only: terms → parts of orders → sums by partner, a file."""
