"""The county's base map: where the picture below all maps comes from, and the datum that it is drawn in."""
