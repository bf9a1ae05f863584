"""People, units, devices, tokens, and who may do what."""
