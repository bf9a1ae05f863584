"""No request that the OpenAPI file can describe, and none that it cannot, makes the server fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from server.app import create_app
from server.auth import enrolment
from server.auth.enrolment import Enrolment
from tests.build import County, a_person, a_worker


# A Word file of whatever bytes: most are none, which is what a server has to expect.
@schemathesis.serializer("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
def word_file(ctx: Any, value: Any) -> bytes:
    """Return a drawn value as the bytes of a request."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


SPEC = "/api/v1/openapi.json"
EXAMPLES = 6
MANY = 40
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Door:
    """The application with somebody who may do much, and a tablet; it counts what it answered."""

    app: Any
    office: dict[str, str]
    tablet: dict[str, str]
    answers: Counter[int] = field(default_factory=Counter)

    def headers_for(self, path: str) -> dict[str, str]:
        """Return the headers of somebody who gets as far as possible on this path."""
        return self.tablet if path.startswith("/sync/") else self.office


@pytest.fixture
def door(county: County) -> Iterator[Door]:
    now = datetime.now(UTC)
    device_id = "01980000-0000-7000-8000-000000000001"
    with county.transaction() as session:
        admin = a_person(session, "admin", None, now=now)
        worker = a_worker(session, now=now)
        code = enrolment.make_code(session, username=worker.username, actor=None, now=now)
        told = Enrolment(UUID(device_id), code.enrolment_code, "t", "test", "1")
        tokens = enrolment.enrol(session, told, now=now, settings=county.settings)
    app = create_app(county.settings)
    bearer = {"Authorization": f"Bearer {tokens.access_token}"}
    yield Door(app, county.bearer(admin), bearer)
    app.extensions["wangge.database"].engine.dispose()
    app.extensions["wangge.redis"].close()


def faults_of(door: Door, mode: GenerationMode) -> dict[str, str]:
    """Return what answered with a 5xx, with the request that made it do so."""
    schema = schemathesis.openapi.from_wsgi(SPEC, door.app)
    operations: list[Any] = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) > MANY
    told = {operation.label: fault_in(door, operation, mode) for operation in operations}
    return {label: fault for label, fault in told.items() if fault}


def fault_in(door: Door, operation: Any, mode: GenerationMode) -> str:
    """Return the request of an operation that made the server fault, nothing when none did."""
    found: list[str] = []

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(headers=door.headers_for(case.path))
        door.answers[answer.status_code // 100] += 1
        if answer.status_code >= 500:
            found.append(f"{answer.status_code}: {case.as_curl_command()}")

    with suppress(Unsatisfiable):
        ask()
    return found[0] if found else ""


@pytest.mark.parametrize(("mode", "answered"), [(GenerationMode.POSITIVE, 2), (GenerationMode.NEGATIVE, 4)])
def test_no_request_makes_the_server_fault(door: Door, mode: GenerationMode, answered: int) -> None:
    assert faults_of(door, mode) == {}
    assert door.answers[answered] > 30
