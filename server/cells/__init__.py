"""Grid cells that change: split, merged, undone, and whether they fit together."""
