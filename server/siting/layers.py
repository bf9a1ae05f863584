"""Charging sites on the map."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

CHARGING_SITES = Layer(
    "charging-sites",
    Path(__file__).with_name("layer_sites.sql").read_text(encoding="utf-8"),
    ("site_id", "name", "status", "charging_ports", "has_shed", "community_name", "origin"),
    "charging_sites.list",
)
