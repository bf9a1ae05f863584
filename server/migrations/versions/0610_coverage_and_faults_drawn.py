"""Coverage and faults of cells as layers, faults kept as a job found them; cells can be drawn anew."""

from alembic import op

revision = "0610"
down_revision = "0600"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE geo.cell_change DROP CONSTRAINT cell_change_kind_check;
ALTER TABLE geo.cell_change ADD CONSTRAINT cell_change_kind_check CHECK (kind IN ('split', 'merge', 'redraw'));
CREATE INDEX inspection_by_cell ON server.inspection (grid_cell_code, (coalesce(finished_at, received_at)) DESC)
  WHERE corrects IS NULL;
SELECT server.count_changes_of('server.inspection');
SELECT server.count_changes_of('geo.cell_lineage');

CREATE TABLE geo.cell_fault (
  fault_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('overlap', 'gap', 'outside', 'wrong_number')),
  codes text[] NOT NULL,
  neighbourhood_code char(12) NOT NULL,
  area_m2 double precision NOT NULL CHECK (area_m2 >= 0),
  expected_code text,
  geom geometry(MultiPolygon, 4326) NOT NULL,
  geom_3857 geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
  found_at timestamptz NOT NULL
);
CREATE INDEX ON geo.cell_fault USING gist (geom_3857);
COMMENT ON TABLE geo.cell_fault IS 'where cells do not fit together, as the last check found; found_at is when it was first found so';
SELECT server.count_changes_of('geo.cell_fault');
CREATE TABLE geo.cell_check (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  version bigint NOT NULL,
  checked_on date NOT NULL,
  checked_at timestamptz NOT NULL
);
COMMENT ON TABLE geo.cell_check IS 'up to which change of cells and neighbourhoods, and for which day, faults were looked for';
"""

DOWN = """
DROP TABLE geo.cell_check;
DROP TABLE geo.cell_fault;
DROP TRIGGER drawn_rows ON geo.cell_lineage;
DROP TRIGGER drawn_changes ON geo.cell_lineage;
DROP TRIGGER drawn_emptied ON geo.cell_lineage;
DROP TRIGGER drawn_rows ON server.inspection;
DROP TRIGGER drawn_changes ON server.inspection;
DROP TRIGGER drawn_emptied ON server.inspection;
DELETE FROM server.layer_version WHERE source IN ('inspection', 'cell_lineage', 'cell_fault');
DROP INDEX server.inspection_by_cell;
-- What was drawn anew reads as the nearest that was known before: some cells in the place of some others.
ALTER TABLE geo.cell_change DISABLE TRIGGER cell_change_guarded;
UPDATE geo.cell_change SET kind = 'merge' WHERE kind = 'redraw';
ALTER TABLE geo.cell_change ENABLE TRIGGER cell_change_guarded;
ALTER TABLE geo.cell_change DROP CONSTRAINT cell_change_kind_check;
ALTER TABLE geo.cell_change ADD CONSTRAINT cell_change_kind_check CHECK (kind IN ('split', 'merge'));
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
