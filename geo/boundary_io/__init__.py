"""Files of places: GeoJSON, GeoPackage, zipped Shapefile, CSV. Only jobs and commands load what is here."""
