"""What tests of `/ogc` share: a client, people, and questions asked in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.auth.actor import Actor
from tests.build import County, a_person


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks `/ogc`; without an actor a visitor who shows nothing."""

    client: FlaskClient
    county: County
    actor: Actor | None

    def ask(self, path: str, method: str = "GET", **more: Any) -> TestResponse:
        """Return the answer to a path below `/ogc`; words after it are parameters of the address line."""
        headers = {**(self.county.bearer(self.actor) if self.actor else {}), **more.pop("headers", {})}
        return self.client.open(f"/ogc{path}", method=method, headers=headers, **more)

    def told(self, path: str, **query: str) -> dict[str, Any]:
        """Return the document of an answer that is fine."""
        answer = self.ask(path, **_query(query))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json(force=True)
        return found

    def ids(self, collection: str, **query: str) -> list[str]:
        """Return the ids of a page of features."""
        return [one["id"] for one in self.told(f"/collections/{collection}/items", **query)["features"]]

    def refused(self, path: str, status: int = 400, **query: str) -> dict[str, Any]:
        """Return the problem that a question becomes."""
        answer = self.ask(path, **_query(query))
        assert answer.status_code == status, answer.text
        assert answer.content_type == "application/problem+json"
        problem: dict[str, Any] = answer.get_json(force=True)
        assert problem["detail_zh"]
        return problem


def _query(given: dict[str, str]) -> dict[str, Any]:
    """Return parameters for the client; `bbox_crs` stands for `bbox-crs`."""
    hyphened = {f"{one}_{two}": f"{one}-{two}" for one in ("bbox", "filter") for two in ("crs", "lang")}
    return {"query_string": {hyphened.get(name, name): one for name, one in given.items()}} if given else {}


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    """Return a client of the web application."""
    with county.client() as client:
        yield client


@pytest.fixture
def boss(county: County, client: FlaskClient) -> Asking:
    """Return somebody of the county's headquarters, who sees all."""
    with county.transaction() as session:
        actor = a_person(session, "headquarters", None)
    return Asking(client, county, actor)


@pytest.fixture
def nobody(county: County, client: FlaskClient) -> Asking:
    """Return a visitor who shows nothing."""
    return Asking(client, county, None)
