"""What siting reckons with, as rows with validity: distances, prices, rates of demand, spare power; and forbidden ground."""

from alembic import op

revision = "0620"
down_revision = "0610"
branch_labels = None
depends_on = None

UP = r"""
CREATE FUNCTION server.keep_siting_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.valid_to IS NOT NULL OR to_jsonb(NEW) - 'valid_to' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to' THEN
    RAISE EXCEPTION 'a row of % is ended once and never rewritten', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE server.siting_rule (
  rule_set text NOT NULL CHECK (rule_set ~ '^[a-z][a-z0-9_]{0,39}$'),
  name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
  kind text NOT NULL CHECK (kind IN ('building', 'entrance', 'fire_lane', 'ladder_ground', 'forbidden', 'figure')
                            OR kind ~ '^facility:[a-z][a-z0-9_]{0,63}$'),
  value numeric NOT NULL CHECK (value >= 0 AND value <= 1000),
  unit text NOT NULL CHECK (unit IN ('m', 'm2', 'bikes', 'spaces') AND (kind = 'figure' OR unit = 'm')),
  hard boolean NOT NULL,
  source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 200),
  set_by uuid REFERENCES server."user",
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to >= valid_from),
  PRIMARY KEY (rule_set, name, valid_from, set_at),
  EXCLUDE USING gist (rule_set WITH =, name WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON TABLE server.siting_rule IS 'how near charging may come to what; a rule set can be swapped for another';
COMMENT ON COLUMN server.siting_rule.valid_to IS 'the first day on which the row no longer holds';

CREATE TABLE server.siting_price (
  item text NOT NULL CHECK (item IN ('port', 'shed_m2', 'cable_m', 'camera')),
  yuan numeric NOT NULL CHECK (yuan >= 0 AND yuan < 10000000),
  paid_by text NOT NULL CHECK (paid_by IN ('budget', 'investor', 'maintenance_fund', 'property_company')),
  source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 200),
  set_by uuid REFERENCES server."user",
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to >= valid_from),
  PRIMARY KEY (item, valid_from, set_at),
  EXCLUDE USING gist (item WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON COLUMN server.siting_price.paid_by IS 'only what the budget pays counts against it';

CREATE TABLE server.siting_rate (
  name text NOT NULL CHECK (name IN ('bikes_per_household', 'share_outside', 'case_weight', 'turns_a_day', 'port_kw',
                                     'power_factor', 'cable_detour')),
  place text NOT NULL DEFAULT '' CHECK (place = '' OR place::uuid IS NOT NULL AND name IN ('bikes_per_household', 'share_outside')),
  value numeric NOT NULL CHECK (value >= 0 AND value <= 1000),
  source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 200),
  set_by uuid REFERENCES server."user",
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to >= valid_from),
  PRIMARY KEY (name, place, valid_from, set_at),
  CHECK (name NOT IN ('share_outside', 'power_factor') OR value <= 1),
  CHECK (name NOT IN ('power_factor', 'port_kw', 'turns_a_day') OR value > 0),
  CHECK (name <> 'cable_detour' OR value >= 1),
  EXCLUDE USING gist (name WITH =, place WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON COLUMN server.siting_rate.place IS 'empty for the county, else the community or building whose own rate this is';

CREATE TABLE server.transformer_spare (
  facility_id uuid NOT NULL REFERENCES geo.facility,
  spare_kva numeric NOT NULL CHECK (spare_kva >= 0 AND spare_kva <= 100000),
  source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 200),
  set_by uuid REFERENCES server."user",
  set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to >= valid_from),
  PRIMARY KEY (facility_id, valid_from, set_at),
  EXCLUDE USING gist (facility_id WITH =, daterange(valid_from, valid_to) WITH &&)
);
COMMENT ON TABLE server.transformer_spare IS 'what the utility says a transformer (a facility of that kind) has left';

CREATE TABLE server.siting_forbidden (
  area_id uuid PRIMARY KEY,
  reason text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 200),
  geom geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
  drawn_by uuid REFERENCES server."user",
  drawn_at timestamptz NOT NULL DEFAULT now(),
  valid_from date NOT NULL,
  valid_to date CHECK (valid_to >= valid_from)
);
CREATE INDEX ON server.siting_forbidden USING gist (geom);

DO $$
DECLARE kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['siting_rule', 'siting_price', 'siting_rate', 'transformer_spare', 'siting_forbidden'] LOOP
    EXECUTE format('CREATE TRIGGER %1$s_is_kept BEFORE UPDATE ON server.%1$s FOR EACH ROW EXECUTE FUNCTION server.keep_siting_row()', kept);
    EXECUTE format('REVOKE DELETE ON server.%s FROM wangge_app', kept);
  END LOOP;
END $$;

INSERT INTO server.siting_rule (rule_set, name, kind, value, unit, hard, source, valid_from) VALUES
  ('default', 'outer_wall', 'building', 3, 'm', true, '福州市试行导则（2025-02）', '2019-06-01'),
  ('default', 'building_exit', 'entrance', 6, 'm', true, '福州市试行导则（2025-02）', '2019-06-01'),
  ('default', 'fire_lane', 'fire_lane', 0, 'm', true, '山东省规定（2022-05-01 起施行）', '2019-06-01'),
  ('default', 'ladder_ground', 'ladder_ground', 0, 'm', true, '安徽省导则', '2019-06-01'),
  ('default', 'forbidden_ground', 'forbidden', 0, 'm', true, '规划人员划定', '2019-06-01'),
  ('default', 'hydrant', 'facility:hydrant', 2, 'm', false, '产品默认值', '2019-06-01'),
  ('default', 'gas', 'facility:gas', 6, 'm', false, '产品默认值', '2019-06-01'),
  ('default', 'nursery', 'facility:nursery', 10, 'm', false, '安徽省导则（不得毗邻；距离为产品默认值）', '2019-06-01'),
  ('default', 'care_home', 'facility:care_home', 10, 'm', false, '安徽省导则（不得毗邻；距离为产品默认值）', '2019-06-01'),
  ('default', 'school', 'facility:school', 10, 'm', false, '安徽省导则（不得毗邻；距离为产品默认值）', '2019-06-01'),
  ('default', 'space_m2', 'figure', 2.2, 'm2', true, '安徽省导则', '2019-06-01'),
  ('default', 'group_bikes', 'figure', 25, 'bikes', false, '安徽省导则', '2019-06-01'),
  ('default', 'group_m', 'figure', 20, 'm', false, '安徽省导则', '2019-06-01'),
  ('default', 'camera_above_m2', 'figure', 200, 'm2', false, '福州市试行导则（2025-02）', '2019-06-01'),
  ('default', 'camera_above_spaces', 'figure', 100, 'spaces', false, '福州市试行导则（2025-02）', '2019-06-01'),
  ('fuzhou_2025', 'outer_wall', 'building', 3, 'm', true, '福州市试行导则（2025-02）', '2025-02-01'),
  ('fuzhou_2025', 'building_exit', 'entrance', 6, 'm', true, '福州市试行导则（2025-02）', '2025-02-01'),
  ('fuzhou_2025', 'forbidden_ground', 'forbidden', 0, 'm', true, '规划人员划定', '2025-02-01'),
  ('fuzhou_2025', 'camera_above_m2', 'figure', 200, 'm2', false, '福州市试行导则（2025-02）', '2025-02-01'),
  ('fuzhou_2025', 'camera_above_spaces', 'figure', 100, 'spaces', false, '福州市试行导则（2025-02）', '2025-02-01'),
  ('shandong_2022', 'fire_lane', 'fire_lane', 0, 'm', true, '山东省规定（2022-05-01 起施行）', '2022-05-01'),
  ('shandong_2022', 'building_exit', 'entrance', 0, 'm', true, '山东省规定（2022-05-01 起施行）', '2022-05-01'),
  ('shandong_2022', 'inside_building', 'building', 0, 'm', true, '山东省规定（2022-05-01 起施行）', '2022-05-01'),
  ('shandong_2022', 'forbidden_ground', 'forbidden', 0, 'm', true, '规划人员划定', '2022-05-01');
INSERT INTO server.siting_price (item, yuan, paid_by, source, valid_from) VALUES
  ('port', 350, 'investor', '产品默认值，请按招标价更新', '2019-06-01'),
  ('shed_m2', 320, 'budget', '产品默认值，请按招标价更新', '2019-06-01'),
  ('cable_m', 110, 'budget', '产品默认值，请按招标价更新', '2019-06-01'),
  ('camera', 1800, 'budget', '产品默认值，请按招标价更新', '2019-06-01');
INSERT INTO server.siting_rate (name, value, source, valid_from) VALUES
  ('bikes_per_household', 0.8, '产品默认值，请按入户统计更新', '2019-06-01'),
  ('share_outside', 0.6, '产品默认值，请按入户统计更新', '2019-06-01'),
  ('case_weight', 3, '产品默认值：每起飞线案卷另计电动自行车数', '2019-06-01'),
  ('turns_a_day', 3, '产品默认值：每个端口每天充电车次', '2019-06-01'),
  ('port_kw', 0.3, '产品默认值：每个端口同时用电', '2019-06-01'),
  ('power_factor', 0.9, '产品默认值：千伏安折算千瓦', '2019-06-01'),
  ('cable_detour', 1.3, '产品默认值：电缆长度与直线距离之比', '2019-06-01');
"""

DOWN = r"""
DROP TABLE server.siting_forbidden;
DROP TABLE server.transformer_spare;
DROP TABLE server.siting_rate;
DROP TABLE server.siting_price;
DROP TABLE server.siting_rule;
DROP FUNCTION server.keep_siting_row();
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
