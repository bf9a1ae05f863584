"""Who walks which cell: read for a day, changed for some cells from a day on, undone."""
