"""A pull, followed to its end as a tablet does."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from tests.benchmarks.wire import Line, Refused
from tests.benchmarks.work import Tablet

MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came: the cursor to go on from, the number of records, the bytes on the line, some ids."""

    cursor: str
    records: int
    received_bytes: int
    inspections: Sequence[str]


def pull(
    url: str, tablet: Tablet, cursor: str = "", *, limit: int = 1000, encoding: str = "identity"
) -> Pulled:
    """Follow the cursor to its end and return what came.

    Raises:
        Refused: the product did not answer with a page.
    """
    records, received, inspections = 0, 0, list[str]()
    with Line(url, tablet.access_token) as line:
        for _ in range(MOST_PAGES):
            path = f"/sync/v1/pull?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
            status, body = line.send("GET", path, Accept_Encoding=encoding)
            if status != 200:
                raise Refused(f"pull: {status} {body[:300].decode(errors='replace')}")
            page = orjson.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            cursor = page["cursor"]
            received += len(body)
            records += len(page["ops"])
            inspections += [op["id"] for op in page["ops"] if op.get("entity") == "inspection"]
            if not page["more"]:
                return Pulled(cursor, records, received, inspections)
    raise Refused(f"pull: no end after {MOST_PAGES} pages")
