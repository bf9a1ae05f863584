"""Charging sites on the map."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

CHARGING_SITES = Layer(
    "charging-sites",
    Path(__file__).with_name("layer_sites.sql").read_text(encoding="utf-8"),
    (
        "site_id",
        "name",
        "status",
        "charging_ports",
        "has_shed",
        "note",
        "community_name",
        "community_id",
        "origin",
        "version",
    ),
    "charging_sites.list",
    title="充电桩点位 Charging sites",
    key="site_id",
    points=True,
)
