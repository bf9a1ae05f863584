"""What `make bench` measures: the product as `make run` starts it, with every flush to disk."""
