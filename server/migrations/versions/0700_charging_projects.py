"""New housing projects with the charging they have to build, and the letters that urge their builders."""

from alembic import op

revision = "0700"
down_revision = "0690"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.charging_project (
  project_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (btrim(name) <> '' AND length(name) <= 200),
  subdistrict_code text NOT NULL REFERENCES geo.subdistrict,
  stage text NOT NULL CHECK (stage IN ('planning', 'under_construction', 'completed')),
  developer text NOT NULL CHECK (btrim(developer) <> '' AND length(developer) <= 200),
  households integer CHECK (households BETWEEN 0 AND 100000),
  parking_spaces integer CHECK (parking_spaces BETWEEN 0 AND 100000),
  required_ports integer CHECK (required_ports BETWEEN 0 AND 10000),
  required_share_percent numeric(5, 2) CHECK (required_share_percent BETWEEN 0 AND 100),
  condition_no text NOT NULL DEFAULT '',
  condition_on date,
  condition_text text NOT NULL DEFAULT '',
  bureau_reply text NOT NULL DEFAULT '',
  bureau_replied_on date,
  begun_on date,
  expected_on date CHECK (expected_on >= begun_on),
  built_ports integer NOT NULL DEFAULT 0 CHECK (built_ports BETWEEN 0 AND 10000),
  note text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  changed_by uuid NOT NULL REFERENCES server."user",
  UNIQUE (subdistrict_code, name),
  CONSTRAINT charging_project_reply_has_its_day CHECK ((bureau_reply <> '') = (bureau_replied_on IS NOT NULL))
);
CREATE INDEX charging_project_newest_first ON server.charging_project (created_at DESC, project_id DESC);
CREATE TABLE server.charging_project_past (
  project_id uuid NOT NULL REFERENCES server.charging_project,
  version integer NOT NULL,
  told jsonb NOT NULL,
  PRIMARY KEY (project_id, version)
);
COMMENT ON TABLE server.charging_project_past IS 'every version of a project as it stood, the present one too';
CREATE TABLE server.charging_project_letter (
  paper_id uuid PRIMARY KEY REFERENCES server.paper,
  project_id uuid NOT NULL REFERENCES server.charging_project,
  drafted_by uuid NOT NULL REFERENCES server."user",
  answer_by date NOT NULL,
  answered_on date,
  answer text CHECK (btrim(answer) <> ''),
  CHECK ((answered_on IS NULL) = (answer IS NULL))
);
CREATE INDEX ON server.charging_project_letter (project_id);

CREATE FUNCTION server.keep_charging_project() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.version + 1 END)
     OR TG_OP = 'UPDATE' AND (NEW.project_id, NEW.created_at) IS DISTINCT FROM (OLD.project_id, OLD.created_at) THEN
    PERFORM server.case_fault('charging_project_versions_follow', 'each change of a project is its next version');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charging_project_guarded BEFORE INSERT OR UPDATE ON server.charging_project
  FOR EACH ROW EXECUTE FUNCTION server.keep_charging_project();
CREATE FUNCTION server.note_charging_project() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO server.charging_project_past VALUES (NEW.project_id, NEW.version, to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER charging_project_noted AFTER INSERT OR UPDATE ON server.charging_project
  FOR EACH ROW EXECUTE FUNCTION server.note_charging_project();

-- A letter is answered once it was issued, and once only.
CREATE FUNCTION server.guard_project_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.answer IS NOT NULL
     OR TG_OP = 'UPDATE' AND (OLD.answer IS NOT NULL
        OR (NEW.paper_id, NEW.project_id, NEW.drafted_by, NEW.answer_by) IS DISTINCT FROM (OLD.paper_id, OLD.project_id, OLD.drafted_by, OLD.answer_by)
        OR NOT EXISTS (SELECT FROM server.paper p WHERE p.paper_id = NEW.paper_id AND p.state = 'issued')) THEN
    PERFORM server.case_fault('project_letter_answered_once', 'an issued letter is answered once');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER project_letter_guarded BEFORE INSERT OR UPDATE ON server.charging_project_letter
  FOR EACH ROW EXECUTE FUNCTION server.guard_project_letter();
CREATE TRIGGER charging_project_past_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.charging_project_past
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER project_letter_never_deleted BEFORE DELETE OR TRUNCATE ON server.charging_project_letter
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER charging_project_never_deleted BEFORE DELETE OR TRUNCATE ON server.charging_project
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE DELETE ON server.charging_project, server.charging_project_letter FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.charging_project_past FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.charging_project_letter;
DROP TABLE server.charging_project_past;
DROP TABLE server.charging_project;
DROP FUNCTION server.keep_charging_project();
DROP FUNCTION server.note_charging_project();
DROP FUNCTION server.guard_project_letter();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
