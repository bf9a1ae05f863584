"""What tablets tell of themselves with their sync: room, battery, and what waits on them."""
