"""The pages: a front-end project, and the blueprint that serves what it was built into."""
