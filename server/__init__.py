"""The product: people, cases, decisions, HTTP, jobs, pages."""
