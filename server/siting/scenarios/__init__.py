"""Scenarios: what a planner asks of the county's own places, built into a problem and solved."""
