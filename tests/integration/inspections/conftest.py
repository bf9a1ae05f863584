from __future__ import annotations

import pytest

from tests.build import County
from tests.integration.inspections.making import version_of_checklist
from tests.integration.ledger.acting import Cast, a_cast


@pytest.fixture
def cast(county: County) -> Cast:
    """Return people around one community with a company, in a county of their own."""
    return a_cast(county)


@pytest.fixture
def version(cast: Cast) -> str:
    """Return the current version of the checklist of e-bike charging."""
    return version_of_checklist(cast)
