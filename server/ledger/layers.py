"""Cases on the map."""

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
)
