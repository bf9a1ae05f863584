from __future__ import annotations

import pytest

from tests.build import County
from tests.integration.governance.voting import Voting, a_voting


@pytest.fixture
def voting(county: County) -> Voting:
    """Return a community whose owners vote, in a county of its own."""
    return a_voting(county)
