"""Erasing a lost tablet from afar: ordered by an administrator, learned and carried out by the tablet."""
