"""Complaints that are still open on the map; nothing on it names who complained."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

COMPLAINTS = Layer(
    "complaints",
    Path(__file__).with_name("layer_complaints.sql").read_text(encoding="utf-8"),
    (
        "complaint_id",
        "number",
        "state",
        "category",
        "channel",
        "community_name",
        "received_at",
        "due_at",
        "signal",
    ),
    "complaints.draw",
    title="投诉 Complaints",
    key="complaint_id",
    time=("received_at", "received_at"),
    points=True,
)
