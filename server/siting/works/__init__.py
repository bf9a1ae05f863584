"""Measure 14: what happens to a charging site from the plan to its service, and whose turn it is."""
