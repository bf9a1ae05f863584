"""Faults on purpose: a line that breaks, processes that are killed, and what must be there afterwards."""
