"""What stands on the copy of a case's photo: when, where, who and which case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.auth.actor import Actor
from server.ledger import lists, service
from server.ledger.view import CaseView
from server.photos import copies, copy_queries
from server.photos.claims import NamedPhoto, digest_of
from server.problems import NotFound

# The name of the job that makes a copy, and how long it may take.
JOB = "watermark"
TIME_LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Marked:
    """A photo of a case, the lines of its copy, and the name under which people save it."""

    photo: NamedPhoto
    lines: Sequence[str]
    file_name: str


def marked(session: Session, case_id: UUID, sha256: bytes) -> Marked:
    """Return what a copy needs, whether one can be made or not.

    Raises:
        NotFound: there is no such case, or it does not name the photo.
    """
    photo = copy_queries.named(session, "case", case_id, sha256)
    found = lists.views(session, [case_id])
    if photo is None or not found:
        raise NotFound("This case names no such photo.", "该案卷没有此照片。")
    case = found[0]
    return Marked(photo, lines(case, photo), f"{case.number or case.case_id}-{sha256.hex()[:8]}.jpg")


def asked_for(session: Session, case_id: UUID, digest: str, *, actor: Actor, now: datetime) -> Marked:
    """Return what the copy of a photo needs that this person wants to take away.

    Raises:
        NotFound: the case is not there or beyond the person's reach, or does not name the photo.
        PhotoMissing, PhotoUnreadable: no copy can be made of it.
    """
    sha256 = digest_of(digest)
    if sha256 is None or not service.visible_case_ids(session, actor, [case_id], now):
        raise NotFound("There is no such photo, or it is not yours to see.", "没有该照片，或您无权查看。")
    wanted = marked(session, case_id, sha256)
    copies.check_usable(wanted.photo)
    return wanted


def lines(case: CaseView, photo: NamedPhoto) -> list[str]:
    """Return the lines of the copy: time in the county, place, worker, number.

    The photo's own time and position come first; where it has none, the line says whose they are.
    """
    return [
        _time(photo),
        " · ".join(part for part in (_place(case), _position(case, photo)) if part),
        f"人员：{photo.claimed_by or '未知'}",
        f"案卷：{case.number or '未立案'}",
    ]


def _time(photo: NamedPhoto) -> str:
    taken_at = photo.taken_at or photo.camera_at
    if taken_at is not None:
        return f"拍摄：{_local(taken_at)}"
    return f"到达：{_local(photo.stored_at)}" if photo.stored_at else "时间：未知"


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S} +08:00"


def _place(case: CaseView) -> str:
    cell = f"网格 {case.grid_cell_code}" if case.grid_cell_code else ""
    return " · ".join(part for part in (f"地点：{case.community_name}", cell) if part)


def _position(case: CaseView, photo: NamedPhoto) -> str:
    if photo.lon is not None and photo.lat is not None:
        return f"照片坐标 {photo.lon:.5f}, {photo.lat:.5f}"
    if case.lon is not None and case.lat is not None:
        return f"案卷坐标 {case.lon:.5f}, {case.lat:.5f}"
    return ""
