"""The compounds that try the measures first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.demo_county.model import DemoCommunity

PILOTS = 4
"""Measure 1 of the plan wants three or four in each subdistrict."""


def with_pilots(communities: Sequence[DemoCommunity]) -> tuple[DemoCommunity, ...]:
    """Return the same communities, the four largest of each subdistrict marked as pilots."""
    chosen = {one.community_id for division in _subdistricts(communities) for one in _largest(division)}
    return tuple(replace(one, pilot=one.community_id in chosen) for one in communities)


def _subdistricts(communities: Sequence[DemoCommunity]) -> list[list[DemoCommunity]]:
    codes = sorted({one.neighbourhood_code[:9] for one in communities})
    return [[one for one in communities if one.neighbourhood_code.startswith(code)] for code in codes]


def _largest(communities: Sequence[DemoCommunity]) -> list[DemoCommunity]:
    return sorted(communities, key=lambda one: (-one.households, one.community_id))[:PILOTS]
