"""A plan, and plans side by side, written into a file of some form. Only jobs and commands load it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.siting.outcome import layers, papers, workbook
from server.siting.outcome.backdrop import backdrop_of


def write_plan(
    session: Session,
    file: Path,
    report: Mapping[str, Any],
    form: str,
    tell: Callable[[int], None] = lambda done: None,
) -> None:
    """Write a plan's report in one of `schemas.PLAN_FORMATS`.

    Args:
        tell: hears how many sites are written.
    """
    if form in ("gpkg", "geojson"):
        layers.write(file, report, form)
    elif form == "xlsx":
        workbook.write_plan(file, report)
    elif form == "sheets":
        papers.write_sheets(file, report, backdrop_of(session, report), tell)
    else:
        papers.write_notice(file, report, backdrop_of(session, report))


def write_comparison(file: Path, told: Mapping[str, Any], form: str) -> None:
    """Write plans side by side in one of `schemas.COMPARISON_FORMATS`."""
    if form == "xlsx":
        workbook.write_comparison(file, told)
    else:
        papers.write_comparison(file, told)
