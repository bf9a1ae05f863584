"""Units, companies and their contracts, people, devices, tokens, and the audit trail."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.unit (
  code text PRIMARY KEY CHECK (code ~ '^[a-z0-9][a-z0-9_]{1,63}$'),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('subdistrict', 'neighbourhood', 'party', 'department', 'utility', 'unit_group',
    'coordinating_body', 'property_company', 'owners_committee', 'developer', 'lift_maintainer')),
  division_code text,
  origin text NOT NULL DEFAULT 'official'
);
CREATE TABLE server.property_company (
  unit_code text PRIMARY KEY REFERENCES server.unit,
  credit_code text UNIQUE,
  phone text,
  party_members integer CHECK (party_members >= 0),
  origin text NOT NULL DEFAULT 'surveyed'
);
CREATE TABLE server.service_contract (
  contract_id uuid PRIMARY KEY,
  community_id uuid NOT NULL REFERENCES geo.community,
  unit_code text NOT NULL REFERENCES server.property_company,
  kind text NOT NULL CHECK (kind IN ('preliminary', 'owner_selected')),
  starts_on date NOT NULL,
  ends_on date,
  origin text NOT NULL DEFAULT 'surveyed',
  CHECK (ends_on IS NULL OR ends_on >= starts_on),
  EXCLUDE USING gist (community_id WITH =, daterange(starts_on, ends_on) WITH &&)
);
CREATE TABLE server."user" (
  user_id uuid PRIMARY KEY,
  username text NOT NULL UNIQUE CHECK (username ~ '^[[:alnum:]._@-]{1,64}$'),
  display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('grid_worker', 'patron_officer', 'intake_clerk', 'dispatcher', 'shift_leader',
    'neighbourhood', 'subdistrict', 'department', 'property_company', 'owners_committee', 'developer', 'utility',
    'lift_maintainer', 'planner', 'headquarters', 'admin')),
  unit_code text NOT NULL REFERENCES server.unit,
  password_hash text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  origin text NOT NULL DEFAULT 'live' CHECK (origin IN ('live', 'demo')),
  created_at timestamptz NOT NULL
);
CREATE TABLE server.device (
  device_id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES server."user",
  name text NOT NULL,
  platform text NOT NULL,
  app_version text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX ON server.device (user_id);
CREATE TABLE server.enrolment_code (
  code_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES server."user",
  expires_at timestamptz NOT NULL,
  device_id uuid
);
CREATE TABLE server.refresh_token (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES server."user",
  device_id uuid REFERENCES server.device,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  replaces bytea,
  first_used_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX ON server.refresh_token (user_id);
CREATE TABLE server.audit_line (
  audit_line_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  user_id uuid,
  unit_code text,
  device_id uuid,
  action text NOT NULL,
  entity text NOT NULL,
  entity_id text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ON server.audit_line (entity, entity_id);
REVOKE UPDATE, DELETE ON server.audit_line FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.audit_line;
DROP TABLE server.refresh_token;
DROP TABLE server.enrolment_code;
DROP TABLE server.device;
DROP TABLE server."user";
DROP TABLE server.service_contract;
DROP TABLE server.property_company;
DROP TABLE server.unit;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
