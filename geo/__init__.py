"""Where things are: places, datums, cells. Knows no HTTP and no violation."""
