"""Figures of the ledger: how many cases, how long in each link, and exactly which cases each one counts."""
