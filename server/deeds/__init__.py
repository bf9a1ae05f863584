"""What stand-ins did for a colleague who was away, over all rooms."""
