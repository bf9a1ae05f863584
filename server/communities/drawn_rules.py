"""What cannot lie so beside what stands, decided upon distances and areas that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from server.communities.reading import fault, unreadable

# An outline drawn from a photograph is off by some metres; a wrong datum by five hundred.
FARTHEST_M = {"community_id": 50.0, "building_id": 30.0}
# Outlines of neighbours touch, and miss each other by a little.
LEAST_OVERLAP = 0.1

_HOMES = {"community_id": ("its community", "所属小区"), "building_id": ("its building", "所属楼栋")}


class Beside(NamedTuple):
    """How far a shape lies from what it belongs to, in metres, and upon which datum it would lie within."""

    distance_m: float
    fitting: tuple[str, ...]


class Below(NamedTuple):
    """A building that a shape lies upon, and the share of the smaller of both that they have in common."""

    name: str
    share: float


def check_distance(found: Beside, belongs: str, pointer: str) -> None:
    """Refuse a shape that lies far from what it belongs to.

    Raises:
        InvalidInput: told with the distance, and with the datum that explains it.
    """
    if found.distance_m <= FARTHEST_M[belongs]:
        return
    what, what_zh = _HOMES[belongs]
    detail = f"lies {found.distance_m:.0f} m away from {what}"
    detail_zh = f"距{what_zh} {found.distance_m:.0f} 米"
    if found.fitting:
        detail += f"; as {' or '.join(found.fitting)} it would lie there: send WGS 84"
        detail_zh += f"；按 {'、'.join(found.fitting)} 则位于其中，请转换为 WGS 84 后提交"
    raise unreadable([fault(pointer, detail, detail_zh)])


def check_overlap(entity: str, below: Sequence[Below], pointer: str) -> None:
    """Refuse a building upon another, and a fire lane that is built upon.

    Raises:
        InvalidInput: told with the building that is in the way.
    """
    worst = max(below, key=lambda one: one.share, default=None)
    if worst is None or worst.share <= LEAST_OVERLAP:
        return
    named, named_zh = (f" {worst.name}", f"“{worst.name}”") if worst.name else ("", "")
    share = f"{worst.share:.0%}"
    if entity == "fire_lane":
        detail = f"a building{named} stands on it ({share}); a fire lane must be free"
        detail_zh = f"与楼栋{named_zh}重叠 {share}，消防通道上不得有建筑"
    else:
        detail = f"overlaps another building{named} by {share}"
        detail_zh = f"与另一楼栋{named_zh}重叠 {share}"
    raise unreadable([fault(pointer, detail, detail_zh)])
