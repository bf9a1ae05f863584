"""Answers that are maps: written fast, for this caller alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response


def geojson(body: Mapping[str, Any]) -> Response:
    """Return GeoJSON for this caller alone."""
    answer = Response(orjson.dumps(body), content_type="application/geo+json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
