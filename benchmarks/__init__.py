"""Timed comparisons: the run against plain scripts over the same content. Run by `make bench`."""
