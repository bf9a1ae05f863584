"""Features and tiles of the same points, by the product and by tipg: the same bodies, in turn."""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import mapbox_vector_tile
import orjson
from redis import Redis
from sqlalchemy import text

from server.maps.kept import Kept, hear_commits
from server.paging import cursor_of
from tests.benchmarks.asker import Asker, Questions, asker
from tests.benchmarks.drawing import change
from tests.benchmarks.people import People
from tests.benchmarks.processes import cpu_s
from tests.benchmarks.tipg import COLLECTION, Tipg, tipg
from tests.benchmarks.wire import Bare, Line, Refused

POINTS, LIMIT = 10_000, 100
CLIENTS, ROUNDS, ROUND_S, TIMES = 4, 5, 2.0, 30
WEST, SOUTH, WIDE, HIGH, WINDOW = 117.05, 35.45, 0.6, 0.4, 0.1
# Each within the one before; the first holds some 3,000 of the points, the last some 60.
TILES = ((10, 845, 403), (11, 1691, 806), (12, 3382, 1612), (13, 6765, 3225))
# Whoever asks for so many tiles of one state makes the process hold its points.
OTHERS = ((14, 13530, 6450), (14, 13531, 6450), (14, 13530, 6451))
# What transformers have left hangs on them, and its guard lets nobody empty it.
_LAY = f"""
SET session_replication_role = replica;
TRUNCATE geo.facility CASCADE;
RESET session_replication_role;
INSERT INTO geo.facility (facility_id, community_id, kind, name, geom)
SELECT gen_random_uuid(), community_id, 'lamp', 'lamp ' || n,
       ST_SetSRID(ST_MakePoint(round(({WEST} + {WIDE} * random())::numeric, 6),
                               round(({SOUTH} + {HIGH} * random())::numeric, 6)), 4326)
  FROM (SELECT community_id FROM geo.community ORDER BY community_id LIMIT 1) AS one,
       generate_series(1, {POINTS}) AS n;
"""
Figures = Mapping[str, float]
Both = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two servers and the same questions to both, in the same order."""

    ours: Line
    theirs: Line


def beside_tipg(people: People, seconds: float, seed: int) -> Figures:
    """Ask product and tipg for the same pages and tiles; some two minutes."""
    people.product.as_superuser(_LAY)
    people.product.as_superuser("VACUUM ANALYZE geo.facility")
    redis_url = people.product.environ["REDIS_URL"]
    with tipg(people.product) as peer, asker() as clients, Redis.from_url(redis_url) as redis:
        # Nobody told the web processes of what psql committed; they would find out within ten seconds.
        redis.flushdb()
        with Line(people.url, people.desk) as ours, Line(peer.url) as theirs:
            pair = Pair(ours, theirs)
            questions = _pages(people, Random(seed))
            for own, same in (both for kind in questions.values() for both in kind[:5]):
                _same(_features(ours, own), _features(theirs, same), own)
            tiles = _tiles(people, peer, pair, redis)
        kept = _kept(people, peer, clients)
        pages = _rates(people, peer.url, clients, questions)
    return {**pages, **tiles, **kept}


def _pages(people: People, draw: Random) -> Mapping[str, Sequence[Both]]:
    """Return the addresses of the same pages: the first, those of windows, those that begin anywhere."""
    own = f"/ogc/collections/facilities/items?limit={LIMIT}"
    peer = f"/collections/{COLLECTION}/items?limit={LIMIT}"
    windows = []
    for _ in range(50):
        west, south = WEST + draw.random() * (WIDE - WINDOW), SOUTH + draw.random() * (HIGH - WINDOW)
        box = f"&bbox={west:.6f},{south:.6f},{west + WINDOW:.6f},{south + WINDOW:.6f}"
        windows.append((own + box, peer + box))
    with people.database.snapshot() as session:
        ids = session.scalars(text("SELECT facility_id::text FROM geo.facility ORDER BY facility_id")).all()
    anywhere = [
        (f"{own}&cursor={cursor_of([ids[start - 1], POINTS])}", f"{peer}&offset={start}")
        for start in range(1, POINTS - LIMIT)
    ]
    draw.shuffle(anywhere)
    return {"first": [(own, peer)], "window": windows, "anywhere": anywhere}


def _rates(people: People, url: str, clients: Asker, questions: Mapping[str, Sequence[Both]]) -> Figures:
    """Return how many pages a second both answer, and the median of the rounds' ratios."""
    found: dict[str, float] = {}
    for kind, both in questions.items():
        rates = defaultdict(list)
        for turn in range(ROUNDS):
            # Pages that begin anywhere are asked for once each: none is remembered.
            asked = both[turn::ROUNDS] if len(both) > 1000 else both
            for who, at, token in (("ours", people.url, people.desk), ("tipg", url, None)):
                paths = [pair[who == "tipg"] for pair in asked]
                rates[who].append(clients.ask(Questions(at, token, paths, CLIENTS, ROUND_S)).rate)
        found[f"items.{kind}"] = statistics.median(rates["ours"])
        found[f"items.{kind}_times"] = statistics.median(
            ours / theirs for ours, theirs in zip(rates["ours"], rates["tipg"], strict=True)
        )
    return found


def _tiles(people: People, tipg: Tipg, pair: Pair, redis: Redis) -> Figures:
    """Return how much faster tiles are than tipg's: after a change, made anew, kept, held by the browser."""
    hear_commits(people.database.engine, Kept(redis))
    found: dict[str, list[float]] = defaultdict(list)
    addresses = [*map(_addresses, TILES)]
    for own, peer in addresses:
        _same(_drawn(pair.ours, own), _drawn(pair.theirs, peer), own)
    with Bare(people.url, people.desk) as ours, Bare(tipg.url) as theirs:
        for own, peer in addresses:
            times = defaultdict(list)
            for _ in range(TIMES):
                times["peer"].append(_took(theirs, peer))
                change(people)
                for other in OTHERS:
                    _took(ours, _addresses(other)[0])
                times["fresh"].append(_took(ours, own))
                times["kept"].append(_took(ours, own))
                times["held"].append(_took(ours, own, pair.ours.etag(own)))
            for _ in range(TIMES // 3):
                change(people)
                times["changed"].append(_took(ours, own))
            middle = {name: statistics.median(took) for name, took in times.items()}
            _say(own, {name: took_s * 1000 for name, took_s in middle.items()})
            for name in ("changed", "fresh", "kept"):
                found[name].append(middle["peer"] / middle[name])
            found["held"].append(middle["changed"] / middle["held"])
    return {f"tipg.{name}_times": statistics.median(ratios) for name, ratios in found.items()}


def _kept(people: People, tipg: Tipg, clients: Asker) -> Figures:
    """Return how many more kept tiles than tipg's are answered a second, for how much less of processors.

    The processor time is that of all who serve: the web processes, Redis and PostgreSQL.
    """
    product = people.product
    beside = product.pid("postgres")
    serving = {"ours": [product.pid("web"), product.pid("redis"), beside], "tipg": [tipg.pid, beside]}
    found: dict[str, list[float]] = defaultdict(list)
    for own, peer in map(_addresses, TILES):
        for number in (1, 8):
            rates, costs = {}, {}
            for who, url, token, path in (
                ("ours", people.url, people.desk, own),
                ("tipg", tipg.url, None, peer),
            ):
                before = cpu_s(serving[who])
                rates[who] = clients.ask(Questions(url, token, [path], number, ROUND_S)).rate
                costs[who] = (cpu_s(serving[who]) - before) / (rates[who] * ROUND_S) * 1000
            _say(f"{own}, {number} at once", {f"{who} a second": rate for who, rate in rates.items()})
            _say("  processor ms each", costs)
            found[f"kept_{number}"].append(rates["ours"] / rates["tipg"])
            found["kept_cpu"].append(costs["tipg"] / costs["ours"])
    return {f"tipg.{name}_times": statistics.median(ratios) for name, ratios in found.items()}


def _addresses(at: tuple[int, int, int]) -> Both:
    z, x, y = at
    return (
        f"/tiles/facilities/{z}/{x}/{y}.mvt",
        f"/collections/{COLLECTION}/tiles/WebMercatorQuad/{z}/{x}/{y}",
    )


def _say(what: str, figures: Mapping[str, float]) -> None:
    told = ", ".join(f"{name} {value:.3g}" for name, value in figures.items())
    print(f"    {what}: {told}", file=sys.stderr, flush=True)


def _body(line: Line, path: str) -> Any:
    status, body = line.send("GET", path)
    if status != 200:
        raise Refused(f"GET {path}: {status} {body[:300].decode(errors='replace')}")
    return orjson.loads(body)


def _features(line: Line, path: str) -> dict[str, Any]:
    """Return place and properties of a page's features by their ids."""
    page = _body(line, path)
    return {one["id"]: (_rounded(one["geometry"]), one["properties"]) for one in page["features"]} | {
        "matched": page["numberMatched"]
    }


def _rounded(shape: Mapping[str, Any]) -> tuple[str, list[float]]:
    return shape["type"], [round(degree, 6) for degree in shape["coordinates"]]


def _drawn(line: Line, path: str) -> dict[str, Any]:
    """Return place and properties of a tile's features by their ids, nested values left out.

    What lies in the margin of 64 is left out, too: the product draws it, tipg does not.
    """
    status, body = line.send("GET", path)
    if status != 200:
        raise Refused(f"GET {path}: {status} {body[:300].decode(errors='replace')}")
    [layer] = mapbox_vector_tile.decode(body).values()
    return {
        one["properties"]["facility_id"]: (
            one["geometry"],
            {name: value for name, value in one["properties"].items() if name != "attributes"},
        )
        for one in layer["features"]
        if all(0 < unit < 4096 for unit in one["geometry"]["coordinates"])
    }


def _same(ours: Mapping[str, Any], theirs: Mapping[str, Any], path: str) -> None:
    if ours != theirs or not ours:
        unlike = [name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
        shown = unlike[0], ours.get(unlike[0]), theirs.get(unlike[0])
        raise Refused(f"{path}: {len(unlike)} of {len(ours)} and {len(theirs)} differ, the first {shown}")


def _took(line: Bare, path: str, etag: str = '"none"') -> float:
    began = time.perf_counter()
    line.get(path, etag)
    return time.perf_counter() - began
