from __future__ import annotations

import pytest

from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast


@pytest.fixture
def cast(county: County) -> Cast:
    """Return people around one community with a company, in a county of their own."""
    return a_cast(county)
