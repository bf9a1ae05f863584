"""Patrol tracks of the last seven days, and when each cell was visited last, on the map."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

TRACKS = Layer(
    "tracks",
    Path(__file__).with_name("layer_tracks.sql").read_text(encoding="utf-8"),
    ("track_id", "name", "begun_at", "ended_at", "length_m"),
    "tracks.draw",
    title="巡查轨迹 Patrol tracks",
    key="track_id",
    time=("begun_at", "ended_at"),
)

COVERAGE = Layer(
    "coverage",
    Path(__file__).with_name("layer_coverage.sql").read_text(encoding="utf-8"),
    (
        "code",
        "neighbourhood_code",
        "last_visit_at",
        "last_visit_by",
        "last_inspection_id",
        "unvisited_days",
    ),
    "coverage.list",
    title="巡查覆盖 Coverage of cells",
    key="code",
)
