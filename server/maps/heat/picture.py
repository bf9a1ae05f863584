"""Heat as a picture for reports: map, legend, scale bar, north arrow, what it shows and when."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, floor, log10, radians
from pathlib import Path
from typing import Any

import matplotlib as mpl
import orjson
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Patch

from server.disk import replaced_whole
from server.maps.heat.service import Heat

CHINESE = ["Noto Sans CJK SC", "WenQuanYi Zen Hei", "Source Han Sans SC", "SimHei", "DejaVu Sans"]
METRES_A_DEGREE = 111_320.0
CLASSES = 5
Ring = list[tuple[float, float]]
_WORDS = {
    "zh": {
        "count": "问题数（件）",
        "violations": "违规作答数（项）",
        "title_of_violations": "巡查发现热力图",
        "open": "未结（件）",
        "severity_weighted": "按等级加权",
        "per_100_households": "每百户（件）",
        "per_inspection": "每次检查（件）",
        "grey": "未检查",
        "title": "问题热力图",
        "all": "全部时间",
        "to": "至",
        "north": "北",
        "total": "共 {total} 件，其中无位置 {unplaced} 件，疑似默认点 {placeholders} 件",
    },
    "en": {
        "count": "Cases",
        "violations": "Violations found",
        "title_of_violations": "Heat of violations found",
        "open": "Open cases",
        "severity_weighted": "Weighted by severity",
        "per_100_households": "Per 100 households",
        "per_inspection": "Per inspection",
        "grey": "Not visited",
        "title": "Heat of cases",
        "all": "All time",
        "to": "to",
        "north": "N",
        "total": "{total} cases, {unplaced} without a place, {placeholders} on placeholder positions",
    },
}


def draw(file: Path, heat: Heat, title: str, language: str) -> None:
    """Write the map as PNG, 150 dots an inch; nothing half written keeps the name."""
    words = _WORDS[language]
    with mpl.rc_context({"font.sans-serif": CHINESE, "font.family": "sans-serif", "hatch.linewidth": 0.4}):
        sheet = Sheet(figsize=(10, 8), dpi=150)
        FigureCanvasAgg(sheet)
        axes = sheet.add_axes((0.07, 0.08, 0.75, 0.82))
        _places(axes, sheet, heat, words)
        _frame(axes)
        _scale_bar(axes)
        _north(axes, words["north"])
        usual = words["title_of_violations" if heat.wanted.finds else "title"]
        sheet.suptitle(title or usual, fontsize=16)
        sheet.text(0.5, 0.915, _period(heat, words), ha="center", fontsize=10)
        said = words["total"].format(
            total=heat.total, unplaced=heat.unplaced, placeholders=heat.placeholder_count
        )
        sheet.text(0.07, 0.03, said, fontsize=9)
        with replaced_whole(file) as half:
            sheet.savefig(half, format="png")


def _places(axes: Any, sheet: Any, heat: Heat, words: dict[str, str]) -> None:
    told = [(heat.figures[place.place].value, place.geometry) for place in heat.places if place.geometry]
    grey = [ring for value, geometry in told if value is None for ring in _rings(geometry)]
    drawn = [(ring, value) for value, geometry in told if value is not None for ring in _rings(geometry)]
    axes.add_collection(
        PolyCollection(grey, facecolor="#d9d9d9", edgecolor="#9a9a9a", hatch="///", linewidth=0.3)
    )
    handles = [Patch(facecolor="#d9d9d9", edgecolor="#9a9a9a", hatch="///", label=words["grey"])]
    if drawn:
        edges = _edges([value for _, value in drawn])
        colours = mpl.colormaps["YlOrRd"]
        filled = PolyCollection(
            [ring for ring, _ in drawn], cmap=colours, norm=BoundaryNorm(edges, colours.N), linewidth=0.3
        )
        filled.set_array([value for _, value in drawn])
        filled.set_edgecolor("#666666")
        axes.add_collection(filled)
        bar = sheet.add_axes((0.86, 0.3, 0.02, 0.5))
        sheet.colorbar(filled, cax=bar, label=_figure(heat, words))
    sheet.legend(handles=handles, loc=(0.85, 0.2), frameon=False)
    axes.autoscale_view()


def _figure(heat: Heat, words: dict[str, str]) -> str:
    plain = heat.wanted.finds and heat.wanted.metric == "count"
    return words["violations" if plain else heat.wanted.metric]


def _rings(geometry: str | None) -> list[Ring]:
    """Return the outer rings of GeoJSON text."""
    shape = orjson.loads(geometry or "{}")
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return [[(lon, lat) for lon, lat, *_ in part[0]] for part in parts]


def _edges(values: Sequence[float]) -> list[float]:
    """Return the borders of classes from zero to the largest value, evenly apart on round numbers."""
    most = max(values) or 1.0
    step = _round_up(most / CLASSES)
    return [step * number for number in range(CLASSES + 1)]


def _round_up(value: float) -> float:
    size = 10.0 ** floor(log10(value))
    return next(size * digit for digit in (1, 2, 2.5, 5, 10) if size * digit >= value * (1 - 1e-9))


def _frame(axes: Any) -> None:
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    axes.set_aspect(1 / cos(radians((south + north) / 2)))
    axes.set_xlim(west, east)
    axes.tick_params(labelsize=7)
    axes.ticklabel_format(useOffset=False)
    axes.grid(visible=True, linewidth=0.2)


def _scale_bar(axes: Any) -> None:
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    a_degree = METRES_A_DEGREE * cos(radians((south + north) / 2))
    length_m = _round_up((east - west) * a_degree / 8)
    x, y = west + (east - west) * 0.04, south + (north - south) * 0.04
    axes.plot([x, x + length_m / a_degree], [y, y], color="black", linewidth=3, solid_capstyle="butt")
    label = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    axes.annotate(label, (x + length_m / a_degree / 2, y), (0, 5), textcoords="offset points", ha="center")


def _north(axes: Any, word: str) -> None:
    axes.annotate(
        word,
        xy=(0.87, 0.91),
        xytext=(0.87, 0.83),
        # Beside the map, where it covers no place.
        xycoords="figure fraction",
        annotation_clip=False,
        ha="center",
        arrowprops={"arrowstyle": "-|>", "color": "black", "linewidth": 2},
    )


def _period(heat: Heat, words: dict[str, str]) -> str:
    first, last = heat.wanted.since, heat.wanted.until
    if first is None and last is None:
        return words["all"]
    return f"{first or '…'} {words['to']} {last or '…'}"
