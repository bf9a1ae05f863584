"""How computed maps are answered: once computed, not sent again while nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
from flask import Response, request


def measured(body: Mapping[str, Any], content_type: str) -> Response:
    """Return JSON for this caller alone, 304 where the caller has the same already."""
    written = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    response = Response(written, content_type=content_type)
    response.set_etag(sha256(written).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization"
    response.make_conditional(request)
    return response
