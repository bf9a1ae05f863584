"""Layers as vector tiles, kept in Redis for as long as what they show stays as it is."""
