from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.build import County
from tests.integration.complaints.desk import Desk
from tests.integration.ledger.acting import a_cast


@pytest.fixture
def desk(county: County) -> Iterator[Desk]:
    """Return the desk of a street with residents before it."""
    cast = a_cast(county)
    cast.clock = datetime.now(UTC) - timedelta(hours=1)
    with county.client() as client:
        yield Desk(cast, client)
