"""Where cells do not fit together, on the map."""

from __future__ import annotations

from pathlib import Path

from geo.layers import Layer

CELL_FAULTS = Layer(
    "cell-faults",
    Path(__file__).with_name("layer_cell_faults.sql").read_text(encoding="utf-8"),
    ("fault_id", "kind", "codes", "neighbourhood_code", "area_m2", "expected_code", "found_at"),
    "grid_cells.list",
    title="网格拓扑问题 Faults of grid cells",
    key="fault_id",
)
