from __future__ import annotations

import pytest

from tests.build import County
from tests.integration.papers.office import Office, an_office


@pytest.fixture
def office(county: County) -> Office:
    """Return the people who make papers, around one community, in a county of their own."""
    return an_office(county)
