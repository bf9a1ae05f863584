"""The one byte form of a JSON value (RFC 8785), so that two senders of the same item have one digest."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import orjson
import rfc8785

SAFE_INTEGER = 2**53 - 1

# orjson with sorted keys writes what RFC 8785 asks for, except: whole floats, exponents, integers beyond
# 2^53, and the order of keys beyond the basic plane. A match only costs the slower writer,
# so a number inside a text may match, but not the hash that every inspection names (sha256:67e49e…).
_DIFFERS = re.compile(rb'(?:":|[\[,])-?(?:[0-9]+(?:(?:\.[0-9]+)?e|\.0[,}\]])|[0-9]{16})|[\xf0-\xff]')


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a JSON object or array; what RFC 8785 cannot write is written sorted.

    Integers beyond 2^53 are written as the double they become in JavaScript.
    """
    try:
        fast = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return rfc8785.dumps(_doubles(value)) if _DIFFERS.search(fast) else fast
    except (TypeError, ValueError, RecursionError, OverflowError):
        return _beyond_the_standard(value)


def digest(value: Any) -> bytes:
    """Return the SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).digest()


def _doubles(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _doubles(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_doubles(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE_INTEGER:
        return float(value)
    return value


def _beyond_the_standard(value: Any) -> bytes:
    """Write what is not I-JSON (half characters, depth, infinities): refused items need a digest too."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    except RecursionError:
        return b"nested too deeply"
