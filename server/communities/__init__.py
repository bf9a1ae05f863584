"""Communities, companies, contracts and assignments."""
