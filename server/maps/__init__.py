"""What maps draw."""
