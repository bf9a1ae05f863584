"""Tablets that do anything in any order, over a line that breaks: nothing is lost, doubled or missed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from server import wiring
from server.fieldsync import service
from server.photos.store import Folder
from tests.chaos.machine import Tablets, World

if TYPE_CHECKING:
    from tests.integration.chaos.conftest import Place

EXAMPLES, STEPS = 6, 25


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_is_lost_doubled_or_missed(place: Place, number: int) -> None:
    class InThisPlace(Tablets):
        world = World(
            place.url,
            place.county.database,
            Folder(place.county.settings.photo_store),
            place.folder,
            lambda: service.release_held(place.county.database, wiring.COMMAND_TYPES, datetime.now(UTC)),
        )

    bounded = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(InThisPlace), settings=bounded)
