"""A case with all that stands around it, read in one go by a function whose plans PostgreSQL keeps."""

from alembic import op

revision = "0570"
down_revision = "0560"
branch_labels = None
depends_on = None

UP = r"""
-- Locked first and read afterwards: each statement of this function sees what the lock waited for.
CREATE FUNCTION server.case_file(wanted uuid, reader uuid, day date, locking boolean, whole boolean)
RETURNS TABLE (held server."case", lon double precision, lat double precision, past jsonb, pending jsonb, neighbourhood_code text,
               tasked text[], bundled text[], walked boolean, asked jsonb, related jsonb)
LANGUAGE plpgsql ROWS 1 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF locking THEN
    PERFORM FROM server."case" c WHERE c.case_id = wanted FOR UPDATE;
  END IF;
  RETURN QUERY
  SELECT c, ST_X(c.geom), ST_Y(c.geom),
    (SELECT jsonb_agg(jsonb_build_array(e.seq, e.version, e.command, e.to_state, e.actor_id, e.actor_unit, e.recorded_at,
                                        CASE WHEN strpos(e.canonical, '"due_at"') > 0 THEN e.canonical::jsonb #>> '{facts,due_at}' END)
                      ORDER BY e.seq)
       FROM server.case_entry e WHERE e.case_id = wanted),
    (SELECT jsonb_agg(to_jsonb(r) ORDER BY r.asked_at, r.request_id) FROM server.case_request r
      WHERE r.case_id = wanted AND r.state = 'pending'),
    m.neighbourhood_code::text,
    array(SELECT d.unit_code FROM server.department_task d WHERE d.case_id = wanted),
    array(SELECT p.unit_code FROM server.joint_action_case j JOIN server.joint_action_participant p USING (joint_action_id)
           WHERE j.case_id = wanted),
    EXISTS (SELECT FROM server.assignment a
             WHERE a.user_id = reader AND a.valid_from <= day AND (a.valid_to IS NULL OR a.valid_to > day)
               AND (a.grid_cell_code = c.grid_cell_code
                    OR c.grid_cell_code IS NULL AND EXISTS (SELECT FROM geo.community_cell t
                         WHERE (t.community_id, t.grid_cell_code) = (c.community_id, a.grid_cell_code)))),
    CASE WHEN whole THEN
      (SELECT jsonb_agg(to_jsonb(r) || jsonb_build_object('asked_by_name', u.display_name, 'reason', p.words ->> 'reason')
                        ORDER BY r.asked_at DESC, r.request_id DESC)
         FROM server.case_request r JOIN server."user" u ON u.user_id = r.asked_by
         LEFT JOIN server.case_entry_private p ON p.case_id = r.case_id AND p.seq = r.asked_seq
        WHERE r.case_id = wanted) END,
    CASE WHEN whole THEN
      (SELECT jsonb_agg(jsonb_build_object('relation', f.relation, 'case_id', k.case_id, 'number', k.number, 'state', k.state,
                                           'reported_at', k.reported_at, 'closed_at', k.closed_at)
                        ORDER BY f.relation, k.reported_at, k.case_id)
         FROM (SELECT 'merged_into' AS relation, c.merged_into AS case_id UNION ALL SELECT 'repeat_of', c.repeat_of
               UNION ALL (SELECT 'merged_from', o.case_id FROM server."case" o WHERE o.merged_into = wanted LIMIT 100)
               UNION ALL (SELECT 'repeated_by', o.case_id FROM server."case" o WHERE o.repeat_of = wanted LIMIT 100)) f
         JOIN server."case" k USING (case_id)) END
    FROM server."case" c JOIN geo.community m ON m.community_id = c.community_id
   WHERE c.case_id = wanted;
END $$;
COMMENT ON FUNCTION server.case_file IS 'what guards and the page of one case need; asked and related only for the whole';
"""

DOWN = "DROP FUNCTION server.case_file(uuid, uuid, date, boolean, boolean);"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
