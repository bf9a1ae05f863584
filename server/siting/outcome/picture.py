"""Pictures of a plan for papers: the whole, and one site with its surroundings. Only jobs load it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke

from server.siting.ground.area import Home
from server.siting.outcome.backdrop import Backdrop

CHINESE = ["Noto Sans CJK SC", "WenQuanYi Zen Hei", "Source Han Sans SC", "SimHei", "DejaVu Sans"]
NEW, STANDING, LEFT_OUT = "#c7372f", "#2b6cb0", "#8a6d00"
CLOSE_M = 90.0
MARGIN_M = 60.0


def overview(drawn: Backdrop, report: Mapping[str, Any], size: tuple[float, float]) -> bytes:
    """Return the whole plan as PNG: sites by their numbers, standing ones apart, homes left out.

    Args:
        size: width and height in inches.
    """
    west, south, east, north = shapely.total_bounds(np.array([home.outline for home in drawn.homes]))
    with mpl.rc_context({"font.sans-serif": CHINESE, "font.family": "sans-serif"}):
        sheet, axes = _sheet(size)
        _ground(axes, drawn)
        many = len(drawn.homes) > 60
        if not many:
            for home in drawn.homes:
                _named(axes, home)
        for site in report["sites"]:
            _site(axes, site, 7 if many else 9)
        window = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
        _frame(axes, _filling(window, size[0] / size[1]))
        _legend(axes)
        return _png(sheet)


def close_up(
    drawn: Backdrop, report: Mapping[str, Any], site: Mapping[str, Any], size: tuple[float, float]
) -> bytes:
    """Return one site with what stands around it as PNG, and rings of the distances it has to keep."""
    x, y = site["x"], site["y"]
    with mpl.rc_context({"font.sans-serif": CHINESE, "font.family": "sans-serif"}):
        sheet, axes = _sheet(size)
        _ground(axes, drawn)
        for rule in site["rules"]:
            if rule["hard"] and rule["min_m"]:
                axes.add_patch(Circle((x, y), rule["min_m"], fill=False, linestyle=":", edgecolor=NEW))
        for other in report["sites"]:
            if abs(other["x"] - x) < CLOSE_M and abs(other["y"] - y) < CLOSE_M:
                _site(axes, other, 11)
        wide = CLOSE_M * size[0] / size[1]
        _frame(axes, (x - wide, y - CLOSE_M, x + wide, y + CLOSE_M))
        return _png(sheet)


def _sheet(size: tuple[float, float]) -> tuple[Any, Any]:
    sheet = Sheet(figsize=size, dpi=150)
    FigureCanvasAgg(sheet)
    return sheet, sheet.add_axes((0.01, 0.01, 0.98, 0.98))


def _ground(axes: Any, drawn: Backdrop) -> None:
    outlines = [ring for home in drawn.homes for ring in _rings(home.outline)]
    axes.add_collection(PolyCollection(outlines, facecolor="#f4f1ea", edgecolor="#8c8c8c", linewidth=0.8))
    lanes = [ring for lane in drawn.lanes for ring in _rings(lane)]
    axes.add_collection(PolyCollection(lanes, facecolor="#f6d5d2", edgecolor="none"))
    ways = [shapely.get_coordinates(way) for way in drawn.ways]
    axes.add_collection(LineCollection(ways, colors="#c9c9c9", linewidths=1.0))
    houses = [ring for house in drawn.buildings for ring in _rings(house)]
    axes.add_collection(PolyCollection(houses, facecolor="#cfd6dd", edgecolor="#9aa5b1", linewidth=0.4))


def _rings(shape: Any) -> list[Any]:
    return [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(shape)]


def _site(axes: Any, site: Mapping[str, Any], size: float) -> None:
    colour = STANDING if site["existing"] else NEW
    axes.plot(site["x"], site["y"], "o", color=colour, markersize=size, zorder=5)
    axes.text(
        site["x"],
        site["y"],
        str(site["number"]),
        color="white",
        fontsize=size * 0.62,
        ha="center",
        va="center_baseline",
        zorder=6,
    )


def _named(axes: Any, home: Home) -> None:
    """Write a community's name above it, where it hides neither houses nor sites."""
    west, _, east, north = home.outline.bounds
    axes.text(
        (west + east) / 2,
        north + 6,
        home.name,
        ha="center",
        va="bottom",
        fontsize=7,
        color="#444444",
        zorder=4,
        path_effects=[withStroke(linewidth=2, foreground="white")],
    )


def _legend(axes: Any) -> None:
    for colour, word in ((NEW, "新增点位"), (STANDING, "已有点位")):
        axes.plot([], [], "o", color=colour, label=word)
    axes.legend(loc="lower left", fontsize=8, framealpha=0.9)


def _frame(axes: Any, window: tuple[float, float, float, float]) -> None:
    west, south, east, north = window
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    _scale_bar(axes, window)
    axes.annotate(
        "北",
        xy=(0.97, 0.97),
        xytext=(0.97, 0.90),
        xycoords="axes fraction",
        ha="center",
        va="top",
        fontsize=9,
        arrowprops={"arrowstyle": "-|>", "color": "#333333"},
    )


def _filling(window: tuple[float, float, float, float], shape: float) -> tuple[float, float, float, float]:
    """Return a window widened on its shorter side until it fills a picture of this width by height."""
    west, south, east, north = window
    wide, high = max(east - west, (north - south) * shape), max(north - south, (east - west) / shape)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _scale_bar(axes: Any, window: tuple[float, float, float, float]) -> None:
    west, south, east, north = window
    metres = max(size for size in (10, 20, 50, 100, 200, 500, 1000, 2000) if size <= (east - west) / 4)
    x, y = east - metres - (east - west) * 0.03, south + (north - south) * 0.03
    axes.plot([x, x + metres], [y, y], color="#333333", linewidth=2)
    axes.text(x + metres / 2, y + (north - south) * 0.012, f"{metres} 米", ha="center", fontsize=8)


def _png(sheet: Any) -> bytes:
    out = io.BytesIO()
    sheet.savefig(out, format="png")
    return out.getvalue()
