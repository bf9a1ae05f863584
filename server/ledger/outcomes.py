"""What a tablet's item becomes, in the ledger's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.ledger.command_data import unknown_members
from server.outcomes import conflict, held, problem_of, rejected, unknown_field
from sync.mutations import Warning

__all__ = ["conflict", "held", "problem_of", "rejected", "unknown_field", "warnings_of"]


def warnings_of(command: str, data: Mapping[str, Any]) -> tuple[Warning, ...]:
    """Return a warning for each member of the data that nobody reads."""
    return tuple(unknown_field(name) for name in unknown_members(command, data)[:20])
