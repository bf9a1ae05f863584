"""What is added after the end of a case, such as a department's disposition, does not end it anew on a past day."""

from alembic import op

revision = "0760"
down_revision = "0750"
branch_labels = None
depends_on = None

AS_OF = r"""
CREATE OR REPLACE FUNCTION server.case_as_of(wanted uuid, until timestamptz) RETURNS TABLE (
  seq integer, state text, version integer, level integer, category text, severity text, measure integer,
  unit_code text, lead_unit text, filed boolean, due_at timestamptz, yellow_at timestamptz, claimed_at timestamptz,
  checker_id uuid, finding text, ended_at timestamptz, paused_at timestamptz, resume_on date, merged_into uuid,
  transferred_to text, rework_count bigint, refused_count bigint, returned_count bigint, buck_passing_count bigint,
  extension_count bigint, rebound_count bigint)
LANGUAGE sql STABLE AS $$
  SELECT max(e.seq), (array_agg(e.to_state ORDER BY e.seq DESC))[1], max(e.version), max(e.level),
    (array_agg(f ->> 'category' ORDER BY e.seq DESC) FILTER (WHERE e.command IN ('case.report', 'case.import', 'case.file')))[1],
    (array_agg(f ->> 'severity' ORDER BY e.seq DESC) FILTER (WHERE e.command IN ('case.report', 'case.import', 'case.file')))[1],
    (array_agg((f ->> 'measure')::integer ORDER BY e.seq DESC) FILTER (WHERE f ? 'measure'))[1],
    (array_agg(f ->> 'unit' ORDER BY e.seq DESC) FILTER (WHERE f ? 'unit' AND e.command IN ('case.import', 'case.file', 'case.dispatch')))[1],
    (array_agg(f ->> 'lead_unit' ORDER BY e.seq DESC) FILTER (WHERE e.command = 'case.file'))[1],
    bool_or(e.command = 'case.file'),
    (array_agg((f ->> 'due_at')::timestamptz ORDER BY e.seq DESC) FILTER (WHERE f ? 'due_at'))[1],
    (array_agg((f ->> 'yellow_at')::timestamptz ORDER BY e.seq DESC) FILTER (WHERE f ? 'due_at'))[1],
    (array_agg(CASE WHEN e.command = 'case.claim_fixed' THEN e.recorded_at END ORDER BY e.seq DESC)
       FILTER (WHERE e.command IN ('case.claim_fixed', 'case.withdraw_claim', 'case.reopen')))[1],
    (array_agg((f ->> 'checker')::uuid ORDER BY e.seq DESC) FILTER (WHERE e.command IN ('case.assign_check', 'case.reopen')))[1],
    (array_agg(f ->> 'finding' ORDER BY e.seq DESC) FILTER (WHERE e.command = 'case.verify'))[1],
    (array_agg(CASE WHEN e.to_state IN ('closed', 'declined', 'merged', 'voided', 'transferred')
                    THEN coalesce((f ->> 'closed_at')::timestamptz, e.recorded_at) END ORDER BY e.seq DESC)@ends@)[1],
    CASE WHEN (array_agg(e.to_state ORDER BY e.seq DESC))[1] = 'suspended'
         THEN max(e.recorded_at) FILTER (WHERE e.to_state = 'suspended' AND e.from_state <> 'suspended') END,
    CASE WHEN (array_agg(e.to_state ORDER BY e.seq DESC))[1] = 'suspended'
         THEN (array_agg((f ->> 'resume_on')::date ORDER BY e.seq DESC) FILTER (WHERE e.to_state = 'suspended' AND e.from_state <> 'suspended'))[1] END,
    (array_agg((f ->> 'into')::uuid ORDER BY e.seq DESC) FILTER (WHERE e.command = 'case.merge'))[1],
    (array_agg(f ->> 'unit' ORDER BY e.seq DESC) FILTER (WHERE e.command = 'case.transfer'))[1],
    count(*) FILTER (WHERE e.command = 'case.check' AND e.to_state = 'in_progress'),
    count(*) FILTER (WHERE e.command = 'case.record_refusal'),
    count(*) FILTER (WHERE e.command = 'case.decide' AND f ->> 'kind' = 'return' AND f ->> 'outcome' = 'granted'),
    count(*) FILTER (WHERE e.command = 'case.decide' AND f ->> 'kind' = 'return' AND f ->> 'outcome' = 'refused'),
    count(*) FILTER (WHERE e.command = 'case.decide' AND f ->> 'kind' = 'extension' AND f ->> 'outcome' = 'granted'),
    count(*) FILTER (WHERE e.command = 'case.reopen')
  FROM (SELECT x.*, x.canonical::jsonb -> 'facts' AS f FROM server.case_entry x
         WHERE x.case_id = wanted AND x.recorded_at < until) e
  HAVING count(*) > 0
$$;
"""


def upgrade() -> None:
    op.execute(AS_OF.replace("@ends@", " FILTER (WHERE e.from_state <> e.to_state)"))


def downgrade() -> None:
    op.execute(AS_OF.replace("@ends@", ""))
