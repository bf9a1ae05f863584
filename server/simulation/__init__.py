"""Simulated tablets and the first morning of work."""
