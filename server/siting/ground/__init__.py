"""The county's own places as siting needs them: communities, ground, what stands on it, footways, demand."""
