"""Setting, showing and taking away the base map."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.datum import Datum
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.problems import InvalidInput

RIGHT = "base_map.set"
KINDS = ("xyz", "pmtiles")
DATUMS: tuple[Datum, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09")
TILE_SIZES = (256, 512)
# What stands in the policy of pages must be a plain host.
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_PARTS = ("{z}", "{x}", "{y}")
_COLUMNS = "kind, url, datum, attribution, min_zoom, max_zoom, tile_size"
_READ = text(f"SELECT {_COLUMNS} FROM server.base_map")
_SET = text(
    f"INSERT INTO server.base_map ({_COLUMNS}, set_at) VALUES (:kind, :url, :datum, :attribution, :min_zoom,"
    " :max_zoom, :tile_size, :now) ON CONFLICT (only_one) DO UPDATE SET kind = excluded.kind,"
    " url = excluded.url, datum = excluded.datum, attribution = excluded.attribution,"
    " min_zoom = excluded.min_zoom, max_zoom = excluded.max_zoom, tile_size = excluded.tile_size,"
    " set_at = excluded.set_at"
)


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A base map.

    Attributes:
        kind: `xyz`, pictures one by one, or `pmtiles`, pictures in one file.
        url: of the pictures with `{z}`, `{x}` and `{y}` in it, or of the file; on this server without a host.
        datum: that the picture is drawn in; maps lay everything else over it in the same.
    """

    kind: str
    url: str
    datum: Datum = "wgs84"
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    tile_size: int = 256

    def check(self) -> None:
        """Raise what is wrong with it.

        Raises:
            InvalidInput: the address is none or lacks its parts, or the zooms are the wrong way round.
        """
        where = urlsplit(self.url)
        here = self.url.startswith("/") and not self.url.startswith("//")
        there = where.scheme in ("http", "https") and _HOST.fullmatch(where.netloc)
        if not (here or there) or not where.path:
            raise _unusable("url", "must be an http(s) address or a path here", "须为 http(s) 地址或本站路径")
        if self.kind == "xyz" and not all(part in self.url for part in _PARTS):
            raise _unusable("url", "must hold {z}, {x} and {y}", "须包含 {z}、{x}、{y}")
        if self.min_zoom > self.max_zoom:
            raise _unusable("max_zoom", "must not be below min_zoom", "不得小于 min_zoom")

    @property
    def origin(self) -> str | None:
        """The host that browsers must be let ask for it; None where it is this server."""
        where = urlsplit(self.url)
        return f"{where.scheme}://{where.netloc}" if where.hostname else None


def base_map(session: Session) -> BaseMap | None:
    """Return the base map, None where none is set."""
    row = session.execute(_READ).one_or_none()
    return None if row is None else BaseMap(*row)


def set_base_map(session: Session, wanted: BaseMap, *, actor: Actor | None, now: datetime) -> None:
    """Let all maps stand on this picture; `actor` None is the command line.

    Raises:
        NotYours: the role may not.
        InvalidInput: see `BaseMap.check`.
    """
    _check_right(actor)
    wanted.check()
    session.execute(_SET, {**asdict(wanted), "now": now})
    audit.write(session, actor, RIGHT, "base_map", "base_map", asdict(wanted), now)


def remove(session: Session, *, actor: Actor | None, now: datetime) -> None:
    """Let maps do without a base map again.

    Raises:
        NotYours: the role may not.
    """
    _check_right(actor)
    session.execute(text("DELETE FROM server.base_map"))
    audit.write(session, actor, "base_map.remove", "base_map", "base_map", {}, now)


def origins(session: Session) -> Sequence[str]:
    """Return the hosts beside this one that pages may load pictures from."""
    found = base_map(session)
    return [found.origin] if found and found.origin else []


def _check_right(actor: Actor | None) -> None:
    if actor is not None:
        reach(actor, RIGHT)


def _unusable(field: str, detail: str, detail_zh: str) -> InvalidInput:
    errors = [{"pointer": f"/{field}", "detail": detail, "detail_zh": detail_zh}]
    return InvalidInput(f"{field} {detail}.", f"{field} {detail_zh}。", errors=errors)
