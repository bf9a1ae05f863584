"""Coverage: which cell and community was visited when and by whom, and what was walked."""
