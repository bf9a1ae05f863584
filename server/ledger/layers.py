"""Cases on the map, and those of charging for who plans charging sites."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

CASES = Layer(
    "cases",
    Path(__file__).with_name("layer_cases.sql").read_text(encoding="utf-8"),
    (
        "case_id",
        "number",
        "state",
        "category",
        "severity",
        "level",
        "signal",
        "community_name",
        "due_at",
        "reported_at",
    ),
    "cases.list",
    title="案卷 Cases",
    key="case_id",
    time=("reported_at", "reported_at"),
    points=True,
)

CHARGING_CASES = Layer(
    "charging-cases",
    Path(__file__).with_name("layer_charging_cases.sql").read_text(encoding="utf-8"),
    (
        "case_id",
        "number",
        "state",
        "category",
        "severity",
        "community_id",
        "community_name",
        "reported_at",
        "ended_at",
    ),
    "charging_cases.list",
    title="飞线、入户充电案件 Cases of unsafe charging",
    key="case_id",
    time=("reported_at", "reported_at"),
    points=True,
)
