"""Work orders of the hotline 12345: taken in, matched with cases, answered in time."""
