"""The work calendar by file, and the open deadlines that move with it."""
