"""Units as the county keeps them: made, changed, closed when nothing open hangs on them."""
