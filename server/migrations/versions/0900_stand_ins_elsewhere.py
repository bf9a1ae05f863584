"""Stand-ins act on papers, votes, complaints and 12345 orders too, and both people stand in each entry.

An entry names in its JSON `on_behalf_of` whom its actor stood in for; the stand-in must be in force then. Whoever
wrote or reviewed a paper may not review or issue it through a stand-in either, nor as one.
"""

from alembic import op

revision = "0900"
down_revision = "0890"
branch_labels = None
depends_on = None

ENTRIES = ("paper_entry", "vote_entry", "complaint_entry", "hotline_entry")
PERSONS = """
CREATE OR REPLACE FUNCTION server.check_paper_persons(entry server.paper_entry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  sent_back integer := (SELECT coalesce(max(seq), 0) FROM server.paper_entry WHERE paper_id = entry.paper_id AND command = 'paper.send_back');
BEGIN
  IF entry.actor_unit IS DISTINCT FROM (SELECT u.unit_code FROM server."user" u WHERE u.user_id = entry.actor_id) THEN
    PERFORM server.case_fault('paper_entry_unit', 'the entry names a unit that is not its actor''s');
  END IF;
  IF entry.command IN ('paper.review', 'paper.issue') AND EXISTS (
       SELECT FROM server.paper_entry e WHERE e.paper_id = entry.paper_id AND {same}
          AND (e.command IN ('paper.draft', 'paper.edit')
               OR entry.command = 'paper.issue' AND e.command = 'paper.review' AND e.seq > sent_back)) THEN
    PERFORM server.case_fault('paper_by_different_people', 'drafting, reviewing and issuing are for different people');
  END IF;
END $$;
"""
ROLE = {
    "old": 'SELECT * INTO acting FROM server."user" WHERE user_id = entry.actor_id;',
    "new": 'SELECT * INTO acting FROM server."user"'
    " WHERE user_id = coalesce((entry.facts ->> 'on_behalf_of')::uuid, entry.actor_id);",
}
COMPLAINT = """
DO $do$
DECLARE was text := pg_get_functiondef('server.check_complaint_entry(server.complaint_entry, server.complaint)'::regprocedure);
BEGIN
  IF strpos(was, $old${old}$old$) = 0 THEN
    RAISE EXCEPTION 'server.check_complaint_entry is not as this migration expects it';
  END IF;
  EXECUTE replace(was, $old${old}$old$, $new${new}$new$);
END $do$;
"""


def _role(old: str, new: str) -> str:
    return COMPLAINT.replace("{old}", ROLE[old]).replace("{new}", ROLE[new])


UP = (
    """
CREATE FUNCTION server.guard_behalf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := to_jsonb(NEW);
  absent uuid := coalesce(told -> 'data', told -> 'facts') ->> 'on_behalf_of';
BEGIN
  IF NOT EXISTS (
       SELECT FROM server.stand_in s JOIN server."user" a ON a.user_id = s.absent_id JOIN server."user" d ON d.user_id = s.deputy_id
        WHERE s.absent_id = absent AND s.deputy_id = NEW.actor_id AND a.active AND a.unit_code = d.unit_code
          AND (NEW.recorded_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN s.from_on AND s.to_on
          AND (s.revoked_at IS NULL OR s.revoked_at > NEW.recorded_at)) THEN
    PERFORM server.case_fault('stand_in_in_force', 'the actor does not stand in for this person now');
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION server.people_of(actor uuid, told jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
  SELECT array_remove(ARRAY[actor, (told ->> 'on_behalf_of')::uuid], NULL)
$$;
COMMENT ON FUNCTION server.people_of IS 'who acted, and for whom';
CREATE INDEX audit_line_on_behalf ON server.audit_line ((facts ->> 'on_behalf_of'), audit_line_id)
  WHERE facts ->> 'on_behalf_of' IS NOT NULL;
"""
    + "".join(
        f"""
CREATE TRIGGER {table}_behalf AFTER INSERT ON server.{table} FOR EACH ROW
  WHEN (NEW.{"data" if table in ("paper_entry", "vote_entry") else "facts"} ->> 'on_behalf_of' IS NOT NULL)
  EXECUTE FUNCTION server.guard_behalf();
"""
        for table in ENTRIES
    )
    + PERSONS.replace(
        "{same}",
        "server.people_of(e.actor_id, e.data) && server.people_of(entry.actor_id, entry.data)",
    )
    + _role("old", "new")
)
DOWN = (
    _role("new", "old")
    + PERSONS.replace("{same}", "e.actor_id = entry.actor_id")
    + "".join(f"DROP TRIGGER {table}_behalf ON server.{table};\n" for table in ENTRIES)
    + """
DROP FUNCTION server.guard_behalf();
DROP FUNCTION server.people_of(uuid, jsonb);
DROP INDEX server.audit_line_on_behalf;
"""
)


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
