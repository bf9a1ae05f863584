"""Siting with a proof: arrays in, arrays out. Nothing here knows of a database or of HTTP."""
