"""Jobs, enqueued by name."""
