"""What is written out can be taken in again and changes nothing: every layer, format and datum."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.boundary_io.model import FORMATS, Format
from geo.datum import DATUMS, Datum
from server.wiring import FILES
from tests.build import County
from tests.integration.communities.transfer.filing import furnished, give, rows_of, take

FORMS: list[tuple[Format, str]] = [(form, "UTF-8") for form in FORMATS] + [("shapefile", "GBK")]


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize(("form", "encoding"), FORMS)
def test_every_layer_written_out_changes_nothing_when_taken_in(
    county: County, tmp_path: Path, form: Format, encoding: str, datum: Datum
) -> None:
    furnished(county, tmp_path)
    told = rows_of(county, "SELECT coalesce(max(change_no), 0) FROM sync.change")

    for layer in FILES:
        file = give(county, layer, tmp_path, form, datum, encoding)
        taken = take(county, layer, file, datum=datum)

        assert (layer, taken.faults, taken.rows > 0) == (layer, [], True)
        assert (layer, taken.count("unchanged")) == (layer, taken.rows)
    assert rows_of(county, "SELECT coalesce(max(change_no), 0) FROM sync.change") == told
