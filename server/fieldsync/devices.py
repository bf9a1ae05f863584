"""Use cases of the office about tablets: how each one fares, switching one off or on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import devices as switching
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.fieldsync.device_queries import DeviceView, Wanted, devices
from server.fieldsync.wipes import service as wipes
from server.fieldsync.wipes.errors import WipeKeepsOff

# A county has hundreds of tablets, a province many databases.
EVERY_ONE = 20_000
# Unsent items of a long day without a line; more than that wait for something else.
MANY = 20
COUNTED = ("held", "quarantined", "conflicts", "photos_missing")


def listed(session: Session, actor: Actor | None, wanted: Wanted, limit: int, now: datetime) -> list[Any]:
    """Return tablets of the people within reach, each as `as_json`; `actor` None is the command line.

    Raises:
        NotYours: the role sees no tablets.
    """
    return [as_json(one, now) for one in devices(session, _within(actor, wanted), limit)]


def fleet(session: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the tablets of the people within reach in numbers, see `FleetSchema`.

    Raises:
        NotYours: the role sees no tablets.
    """
    found = devices(session, _within(actor, Wanted()), EVERY_ONE)
    used = [one for one in found if one.revoked_at is None]
    versions = Counter(one.app_version for one in used)
    return {
        "in_use": len(used),
        "revoked": len(found) - len(used),
        "to_erase": sum(bool(one.wipe and one.wipe["erased_at"] is None) for one in found),
        "erased": sum(bool(one.wipe and one.wipe["erased_at"]) for one in found),
        **{f"silent_{days}_days": _silent(used, now, days) for days in (3, 7)},
        "troubled": sum(_troubled(one) for one in used),
        "nearly_full": sum(bool(one.report and one.report["nearly_full"]) for one in used),
        "many_waiting": sum(_unsent(one) >= MANY for one in used),
        **{name: sum(getattr(one, name) for one in found) for name in COUNTED},
        "versions": [{"app_version": name, "tablets": n} for name, n in sorted(versions.items())],
    }


def _silent(used: Sequence[DeviceView], now: datetime, days: int) -> int:
    return sum(one.last_contact_at < now - timedelta(days=days) for one in used)


def _unsent(one: DeviceView) -> int:
    return (one.report or {}).get("waiting_items") or 0


def _troubled(one: DeviceView) -> bool:
    waits = one.oldest_waiting_at is not None
    return waits or any(getattr(one, name) for name in (*COUNTED, "gaps", "unsent_items"))


def switch(
    session: Session, device_id: UUID, *, on: bool, actor: Actor | None, reason: str, now: datetime
) -> dict[str, Any]:
    """Switch a tablet off or on again and return it; one that is so already stays as it is.

    Raises:
        NotFound: there is no such tablet.
        NotYours: its person stands outside the actor's reach.
        WipeKeepsOff: it is to be erased, or is.
    """
    if on and wipes.keeps_off(session, device_id):
        raise WipeKeepsOff
    act = switching.readmit if on else switching.revoke
    act(session, device_id, actor=actor, reason=reason, now=now)
    return one(session, device_id, now)


def one(session: Session, device_id: UUID, now: datetime) -> dict[str, Any]:
    """Return a tablet that exists."""
    session.flush()
    [found] = devices(session, Wanted(device_id=device_id), 1)
    return as_json(found, now)


def as_json(one: DeviceView, now: datetime) -> dict[str, Any]:
    """Return a tablet with its lags in whole seconds.

    `pull_lag_s` is the age of its last complete pull, `work_lag_s` that of the oldest item which is held or
    not yet applied; None where there is none.
    """
    return {
        **asdict(one),
        "pull_lag_s": _age_s(one.pulled_at, now),
        "work_lag_s": _age_s(one.oldest_waiting_at, now),
    }


def _age_s(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else max(0, (now - moment) // timedelta(seconds=1))


def _within(actor: Actor | None, wanted: Wanted) -> Wanted:
    right = reach(actor, "devices.list") if actor else Reach.COUNTY
    if actor is None or right is Reach.COUNTY:
        return wanted
    if right is Reach.UNIT or actor.division_code is None:
        return replace(wanted, unit_code=actor.unit_code)
    return replace(wanted, division=actor.division_code)
