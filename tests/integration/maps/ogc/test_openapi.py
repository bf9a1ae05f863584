"""No request that the OpenAPI file of `/ogc` describes, and none that it does not, makes the server fault."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from server.app import create_app
from tests.build import County, a_person

BOUNDED = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer("application/geo+json")
def geojson(ctx: Any, value: Any) -> Any:
    """Return a drawn value as the body of a request."""
    return {"json": value}


@pytest.mark.parametrize(("mode", "answered"), [(GenerationMode.POSITIVE, 2), (GenerationMode.NEGATIVE, 4)])
def test_no_request_makes_the_server_fault(county: County, mode: GenerationMode, answered: int) -> None:
    with county.transaction() as session:
        headers = county.bearer(a_person(session, "headquarters", None))
    app, answers, faults = create_app(county.settings), Counter[int](), []
    schema = schemathesis.openapi.from_wsgi("/ogc/api", app, headers=headers)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]

    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            answer = case.call(headers=headers)
            answers[answer.status_code // 100] += 1
            if answer.status_code >= 500:
                faults.append(f"{answer.status_code}: {case.as_curl_command()}")

        with suppress(Unsatisfiable):
            ask()

    app.extensions["wangge.database"].engine.dispose()
    app.extensions["wangge.redis"].close()
    assert len(operations) > 40
    assert faults == []
    assert answers[answered] > 20
