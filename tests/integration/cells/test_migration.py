"""The migration, back and forward, over cells that were split."""

from __future__ import annotations

from flask.testing import FlaskClient

from server import migrations
from server.ledger.verify import verify
from tests.integration.cells.conftest import rows, split
from tests.integration.ledger.acting import Cast, column


def test_0510_goes_back_over_split_cells_and_forward_again(client: FlaskClient, cast: Cast) -> None:
    case_id, _ = cast.report()
    _, done = split(client, cast, cast.cell)
    moved_to = column(cast.county, case_id, "grid_cell_code")

    cast.county.database.engine.dispose()
    migrations.downgrade(cast.county.owner_url, "0500")
    assert rows(cast, "SELECT to_regclass('geo.cell_lineage')") == [(None,)]
    cast.county.database.engine.dispose()
    migrations.upgrade(cast.county.owner_url, "head")

    assert moved_to in [cell["code"] for cell in done["cells"]]
    assert column(cast.county, case_id, "grid_cell_code") == moved_to
    assert rows(cast, "SELECT command FROM server.case_entry ORDER BY seq DESC LIMIT 1") == [
        ("case.move_cell",)
    ]
    with cast.county.database.snapshot() as session:
        verify(session)
