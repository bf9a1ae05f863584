"""What every push asks as functions: a connection plans them once, which cost more than carrying them out.

The plans are kept, so they must be those of large tables even where a database has just begun.
"""

from alembic import op

revision = "0230"
down_revision = "0220"
branch_labels = None
depends_on = None

KEPT = """LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS"""

UP = [
    f"""
CREATE FUNCTION server.cells_of_places(names text[], lons float8[], lats float8[], on_day date) RETURNS SETOF text {KEPT} $$
BEGIN
  RETURN QUERY SELECT coalesce(n.code, p.code)::text
    FROM unnest(names, lons, lats) WITH ORDINALITY AS w (named, lon, lat, place)
    LEFT JOIN geo.grid_cell n ON n.code = CAST(w.named AS char(15))
    LEFT JOIN LATERAL (
      SELECT g.code FROM geo.grid_cell g
       WHERE n.code IS NULL AND ST_Covers(g.geom, ST_SetSRID(ST_MakePoint(w.lon, w.lat), 4326))
         AND daterange(g.valid_from, g.valid_to) @> on_day
       ORDER BY g.code LIMIT 1) p ON true
   ORDER BY w.place;
END $$;
COMMENT ON FUNCTION server.cells_of_places IS
  'for each place the cell named, if it exists, else the cell that holds its point (WGS 84) on that day';
""",
    f"""
CREATE FUNCTION server.community_facts(ids uuid[], on_day date) RETURNS TABLE (
  community uuid, called text, of_kind text, neighbourhood text, subdistrict text, cells text[],
  company text, warranty date, homes integer, came_from text, holds boolean) {KEPT} $$
BEGIN
  RETURN QUERY SELECT c.community_id, c.name, c.kind, c.neighbourhood_code::text, n.subdistrict_code::text,
         ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k
                WHERE k.community_id = c.community_id ORDER BY 1),
         s.unit_code, c.warranty_until, c.households, c.origin, daterange(c.valid_from, c.valid_to) @> d.day
    FROM geo.community c
    JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
   CROSS JOIN (SELECT coalesce(on_day, (now() AT TIME ZONE 'Asia/Shanghai')::date) AS day) d
    LEFT JOIN server.service_contract s
           ON s.community_id = c.community_id AND daterange(s.starts_on, s.ends_on) @> d.day
   WHERE c.community_id = ANY(ids);
END $$;
COMMENT ON FUNCTION server.community_facts IS
  'what rules need to know of communities on a day, retired ones too; without a day today in the county';
""",
    f"""
CREATE FUNCTION server.standing(versions text[], ids uuid[]) RETURNS TABLE (
  checklist text, of_code text, retired boolean, inspection uuid, content bytea, at_version integer, received timestamptz)
{KEPT} $$
BEGIN
  RETURN QUERY
    SELECT v.version, v.code, v.retired_at IS NOT NULL, NULL::uuid, NULL::bytea, NULL::integer, NULL::timestamptz
      FROM server.checklist_version v WHERE v.version = ANY(versions)
     UNION ALL
    SELECT NULL, NULL, NULL, i.inspection_id, i.content_sha256, i.version, i.received_at
      FROM server.inspection i WHERE i.inspection_id = ANY(ids);
END $$;
COMMENT ON FUNCTION server.standing IS
  'which of these checklist versions were ever published, and which of these inspections are stored';
""",
    f"""
CREATE FUNCTION server.settle_tasks(communities uuid[], checklists text[], items text[], inspections uuid[])
RETURNS SETOF uuid {KEPT} $$
BEGIN
  RETURN QUERY UPDATE server.finding_outcome o SET settled_by = w.inspection_id
    FROM unnest(communities, checklists, items, inspections) AS w (community_id, checklist, item_code, inspection_id)
   WHERE o.kind = 'task' AND o.settled_by IS NULL AND o.community_id = w.community_id
     AND o.checklist = w.checklist AND coalesce(o.group_code, o.item_code) = w.item_code
  RETURNING o.outcome_id;
END $$;
COMMENT ON FUNCTION server.settle_tasks IS
  'ends the open tasks whose question was asked again; the question of an item in a group is asked with the group';
""",
]

DOWN = """
DROP FUNCTION server.cells_of_places(text[], float8[], float8[], date);
DROP FUNCTION server.community_facts(uuid[], date);
DROP FUNCTION server.standing(text[], uuid[]);
DROP FUNCTION server.settle_tasks(uuid[], text[], text[], uuid[]);
"""


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute(DOWN)
