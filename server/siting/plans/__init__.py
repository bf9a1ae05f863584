"""Plans of charging piles: asked for, solved by a worker, compared, varied."""
