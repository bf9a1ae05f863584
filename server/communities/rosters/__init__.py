"""Rosters in Excel: workers, companies, contracts, communities, assignments."""
