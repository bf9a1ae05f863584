"""Places in files: layers taken in and written out, all of a file or nothing of it."""
