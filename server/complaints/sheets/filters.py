"""The filters of a list as an export keeps them: the texts of an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.complaints import service
from server.complaints.queries import Wanted
from server.complaints.schemas import ComplaintQuery
from server.problems import InvalidInput


def wanted_of(filters: Mapping[str, Any]) -> Wanted:
    """Return what the filters of a list ask for.

    Raises:
        InvalidInput: the list would refuse one of them.
    """
    schema = ComplaintQuery()
    faults = schema.validate(dict(filters))
    if faults:
        errors = [
            {"pointer": f"/filters/{name}", "detail": str(told), "detail_zh": str(told)}
            for name, told in faults.items()
        ]
        raise InvalidInput("A filter cannot be read.", "筛选条件无法读取。", errors=errors)
    return wanted_query(dict(schema.load(dict(filters))))


def wanted_query(query: Mapping[str, Any]) -> Wanted:
    """Return what the query of a list asks for."""
    since, before = service.period(query["received_from"], query["received_to"])
    answered_from, answered_before = service.period(query["answered_from"], query["answered_to"])
    names = ("community_id", "group_id", "channel", "category", "overdue", "subdistrict", "text")
    return Wanted(
        **{name: query[name] for name in names},
        states=query["state"],
        received_from=since,
        received_before=before,
        answered_from=answered_from,
        answered_before=answered_before,
    )
