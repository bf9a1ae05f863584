"""A private PostgreSQL and Redis on one machine: kept for `make run`, thrown away after tests."""
