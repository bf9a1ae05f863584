"""What is published: residents read it by a board's code, the office keeps codes and decides on photos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities import service as communities
from server.ledger.terms import local_day
from server.photos.store import PhotoStore
from server.problems import NotFound
from server.programme import queries as programme
from server.published import blurring, queries, rules
from server.published.tables import BoardCode

LATELY_DAYS = 30


def progress(session: Session, code: str, now: datetime) -> dict[str, Any]:
    """Return how the community of a board stands: figures only, by step and by measure.

    Raises:
        NotFound: no board has this code.
    """
    found = _place(session, code)
    rows = queries.counted(session, found["community_id"], now - timedelta(days=LATELY_DAYS))
    states: dict[str, int] = defaultdict(int)
    for row in rows:
        states[row["state"]] += row["cases"]
    closed = states["closed"]
    return {
        "community_id": found["community_id"],
        "community_name": found["name"],
        "neighbourhood": found["neighbourhood"],
        "subdistrict": found["subdistrict"],
        "as_of": local_day(now),
        "open": sum(states.values()) - closed - states["transferred"],
        "closed": closed,
        "closed_lately": sum(row["lately"] for row in rows if row["state"] == "closed"),
        "steps": rules.by_step(states),
        "measures": _by_measure(session, rows),
    }


def closed(
    session: Session, code: str, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """Return the closed cases of a board's community, the last closed first: no words, no place but the cell.

    Raises:
        NotFound: no board has this code.
    """
    found = queries.closed(session, _place(session, code)["community_id"], after, limit)
    shown = _photos(session, [row["case_id"] for row in found])
    return [
        {
            **_closed_as_json(row),
            "photos": [
                {"name": rules.photo_name(row["case_id"], one["sha256"]), "role": one["role"]}
                for one in shown[row["case_id"]]
                if not one["withheld"]
            ],
        }
        for row in found
    ]


def picture(session: Session, store: PhotoStore, code: str, number: str, name: str) -> Path:
    """Return the file of a blurred photo of a closed case, made now if it was never asked for.

    Raises:
        NotFound: there is no such board, closed case or photo, or it is withheld.
    """
    community_id = _place(session, code)["community_id"]
    found = queries.closed(session, community_id, None, 1, number=number.replace("\0", ""))
    for row in found:
        for one in _photos(session, [row["case_id"]])[row["case_id"]]:
            if rules.photo_name(row["case_id"], one["sha256"]) == name and not one["withheld"]:
                return _blurred(store, one["sha256"])
    raise _no_photo()


def board(session: Session, community_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the community and the code of its notice board, None while it has none.

    Raises:
        NotYours: the role keeps no boards. NotFound: the community lies beyond the person's reach.
    """
    reach(actor, "board.keep")
    place = communities.community(session, actor, str(community_id), now)
    found = queries.code_of(session, community_id)
    return {"community_name": place["name"], **_board(community_id, found)}


def give_code(
    session: Session,
    community_id: UUID,
    *,
    random_bytes: Callable[[int], bytes],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Give a community's board its code, once; return it as `board` does.

    Raises:
        NotYours, NotFound: see `board`.
    """
    told = board(session, community_id, actor=actor, now=now)
    while told["code"] is None:
        code = rules.new_code(random_bytes(rules.LENGTH))
        if queries.add_code(session, community_id, code, actor.user_id, now):
            audit.write(session, actor, "board.keep", "community", community_id, {}, now)
        told = board(session, community_id, actor=actor, now=now)
    return told


def publishable(
    session: Session,
    community_id: UUID,
    after: tuple[datetime, UUID] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the closed cases of a community with their photos, those withheld too, as the office sees them.

    Raises:
        NotYours, NotFound: see `board`.
    """
    board(session, community_id, actor=actor, now=now)
    return _publishable(session, queries.closed(session, community_id, after, limit))


def decide(
    session: Session,
    community_id: UUID,
    *,
    number: str,
    name: str,
    published: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Publish a photo of a closed case or keep it back; return the case as `publishable` does.

    Raises:
        NotYours, NotFound: see `board`; or there is no such photo.
    """
    board(session, community_id, actor=actor, now=now)
    found = queries.closed(session, community_id, None, 1, number=number.replace("\0", ""))
    shown = _publishable(session, found)
    digests = [one["sha256"] for row in shown for one in row["photos"] if one["name"] == name]
    if not digests:
        raise _no_photo()
    case_id, digest = shown[0]["case_id"], bytes.fromhex(digests[0])
    if published:
        queries.publish(session, case_id, digest)
    else:
        queries.withhold(session, case_id, digest, reason, by=actor.user_id, now=now)
    facts = {"sha256": digests[0], "published": published}
    audit.write(session, actor, "board.keep", "case", case_id, facts, now)
    return _publishable(session, found)[0]


def _publishable(session: Session, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    shown = _photos(session, [row["case_id"] for row in found])
    return [
        {
            **_closed_as_json(row),
            "case_id": row["case_id"],
            "photos": [
                {
                    "sha256": one["sha256"].hex(),
                    "name": rules.photo_name(row["case_id"], one["sha256"]),
                    **{name: one[name] for name in ("role", "withheld", "reason")},
                }
                for one in shown[row["case_id"]]
            ],
        }
        for row in found
    ]


def _place(session: Session, code: str) -> Mapping[str, Any]:
    known = rules.read_code(code)
    found = queries.place(session, known) if known is not None else None
    if found is None:
        raise NotFound(
            "No notice board has this code; scan it again.", "没有对应的公示牌，请重新扫描二维码。"
        )
    return found


def _by_measure(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    titles = {one.measure: one for one in programme.measures(session)}
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        measure = row["measure"]
        told = found.setdefault(measure, {"measure": measure, "open": 0, "closed": 0})
        if row["state"] != "transferred":
            told["closed" if row["state"] == "closed" else "open"] += row["cases"]
        known = titles.get(measure)
        told |= {"title_zh": known.title_zh if known else "", "title_en": known.title_en if known else ""}
    return [found[measure] for measure in sorted(found)]


def _closed_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("number", "category", "category_zh", "category_en", "measure")},
        "grid_cell_code": row["grid_cell_code"],
        "reported_on": local_day(row["reported_at"]),
        "closed_on": local_day(row["closed_at"]),
        "place": [row["closed_at"].astimezone(UTC).isoformat(), str(row["case_id"])],
    }


def _photos(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Mapping[str, Any]]]:
    found: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for one in queries.photos(session, ids) if ids else ():
        found[one["case_id"]].append(one)
    for photos in found.values():
        photos.sort(key=lambda one: rules.PHOTO_ROLES.index(one["role"]))
    return found


def _blurred(store: PhotoStore, sha256: bytes) -> Path:
    file = store.copy(sha256, blurring.MARK)
    thumbnail = store.thumbnail(sha256, blurring.FROM_PX)
    if not file.exists():
        if not thumbnail.exists():
            raise _no_photo()
        store.keep_copy(sha256, blurring.MARK, blurring.blurred(thumbnail))
    return file


def _board(community_id: UUID, found: BoardCode | None) -> dict[str, Any]:
    return {
        "community_id": community_id,
        "code": found.code if found else None,
        "made_at": found.made_at.astimezone(UTC).isoformat() if found else None,
    }


def _no_photo() -> NotFound:
    return NotFound("There is no such published photo.", "没有这张公示照片。")
