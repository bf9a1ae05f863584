"""A whole product in a short storm: lines break, processes die, and nothing is lost, doubled or missed."""

from __future__ import annotations

import pytest

from tests.chaos.__main__ import run
from tests.chaos.storm import Weather

SECONDS = 12


@pytest.mark.slow
def test_a_short_storm_over_a_whole_product_loses_nothing() -> None:
    sums, kills = run(Weather(seed=7, seconds=SECONDS, writers=3), kill=True)

    assert sums.findings.sound, sums.findings.faults
    assert sums.findings.sent > 0
    assert sum(kills.values()) > 0
    assert sums.faults.keys() - {"down"}
