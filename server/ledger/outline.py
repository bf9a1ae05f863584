"""The county's outline, as the ledger's rooms ask for it."""

from server.communities.outline import county_outline

__all__ = ["county_outline"]
