"""Layers over HTTP: which of the listed layers a caller may see, and their features as GeoJSON."""
