"""Charging sites as they are written from a desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.communities.desk import Desk
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.siting.proposals import PROPOSE, SITE, new_readers, place_site


def _create(
    session: Session, entity_id: UUID, given: Mapping[str, Any], work: Fieldwork, now: datetime
) -> None:
    place_site(session, entity_id, given, work, new_readers(county_outline(session)), now)


SITES = Desk(SITE, "location", _create, PROPOSE, ("community_id", "status"), removable=True)
DESKS: Mapping[str, Desk] = {"charging-sites": SITES}
