"""One sheet for each community (一小区一档): what it is, what stands in it, and how its cases stand."""
