from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.build import County
from tests.integration.complaints.hotline.calling import HotlineDesk
from tests.integration.ledger.acting import Cast, a_cast


@pytest.fixture
def cast(county: County) -> Cast:
    """Return people around one community with a company, in a county of their own."""
    return a_cast(county)


@pytest.fixture
def desk(cast: Cast) -> Iterator[HotlineDesk]:
    """Return the desk of the street that the community lies in."""
    with cast.county.client() as client:
        yield HotlineDesk(client, cast)
