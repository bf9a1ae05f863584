"""Inspections and the violations they find."""
