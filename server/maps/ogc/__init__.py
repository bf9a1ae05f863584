"""OGC API – Features at `/ogc`: the listed layers for desktop GIS, Parts 1 to 4."""
