"""`make bench`: how fast the bulk paths are beside the fastest thing the same database can do.

One module per subject; each has `run(options)` and prints ratios. README.md has the last figures.
"""
