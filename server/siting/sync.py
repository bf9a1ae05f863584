"""What charging sites send to tablets and take from them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.communities.editing import edit_command
from server.siting import queries
from server.siting.proposals import ENTITY, PROPOSE_SITE, SITE
from sync.entity import SyncEntity, Wire, cell_bucket


def _load(session: Session, ids: Sequence[str]) -> Sequence[Wire]:
    return [
        Wire(row.id, row.version, frozenset(cell_bucket(code) for code in row.cells), row.data)
        for row in queries.wires(session, ids)
    ]


CHARGING_SITE = SyncEntity(ENTITY, _load, copies={"community": queries.sites_in})
ENTITIES = (CHARGING_SITE,)
EDITABLE = {ENTITY: SITE}
COMMAND_TYPES = {command.name: command for command in (PROPOSE_SITE, edit_command(SITE))}
