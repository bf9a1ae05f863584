"""Work orders of the hotline 12345: what came in, its editions, its history that moves it, its cases and its rules."""

from alembic import op

revision = "0390"
down_revision = "0380"
branch_labels = None
depends_on = None

UP = r"""
CREATE TABLE server.hotline_order (
  order_id uuid PRIMARY KEY,
  order_no text NOT NULL UNIQUE CHECK (length(order_no) BETWEEN 1 AND 64),
  state text NOT NULL DEFAULT 'received'
    CHECK (state IN ('received', 'in_progress', 'replied', 'closed', 'returned', 'given_back')),
  version integer NOT NULL DEFAULT 0,
  edition integer NOT NULL DEFAULT 1,
  kind text NOT NULL DEFAULT '',
  title text NOT NULL DEFAULT '',
  content text NOT NULL CHECK (content <> ''),
  address text NOT NULL DEFAULT '',
  handling_unit text NOT NULL DEFAULT '',
  unit_code text NOT NULL REFERENCES server.unit,
  called_at timestamptz NOT NULL,
  dispatched_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  yellow_at timestamptz NOT NULL,
  return_due_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  community_id uuid REFERENCES geo.community,
  reply text,
  answered_at timestamptz,
  contacted_on date,
  satisfied text CHECK (satisfied IN ('satisfied', 'mostly', 'dissatisfied', 'unrated')),
  solved text CHECK (solved IN ('solved', 'partly', 'unsolved')),
  return_reason text,
  told_signal text NOT NULL DEFAULT 'green' CHECK (told_signal IN ('green', 'yellow', 'red')),
  CONSTRAINT hotline_limit_in_order CHECK (dispatched_at <= yellow_at AND yellow_at <= due_at),
  CONSTRAINT hotline_dispatched_after_the_call CHECK (called_at <= dispatched_at),
  CONSTRAINT hotline_answer_has_its_moment CHECK ((state IN ('replied', 'closed', 'given_back')) = (answered_at IS NOT NULL)),
  CONSTRAINT hotline_reply_has_words CHECK (state NOT IN ('replied', 'closed') OR coalesce(reply, '') <> ''),
  CONSTRAINT hotline_closed_after_contact CHECK (
    (state = 'closed') = (num_nonnulls(contacted_on, satisfied, solved) = 3) AND num_nulls(contacted_on, satisfied, solved) IN (0, 3)),
  CONSTRAINT hotline_contact_after_the_call CHECK (contacted_on >= (called_at AT TIME ZONE 'Asia/Shanghai')::date),
  CONSTRAINT hotline_return_has_a_reason CHECK (state NOT IN ('returned', 'given_back') OR coalesce(return_reason, '') <> '')
);
COMMENT ON COLUMN server.hotline_order.unit_code IS 'whose desk answers';
COMMENT ON COLUMN server.hotline_order.told_signal IS 'the last signal that the desk was reminded of';
CREATE INDEX hotline_newest ON server.hotline_order (called_at DESC, order_id DESC);
CREATE INDEX hotline_by_due ON server.hotline_order (due_at, order_id);
CREATE INDEX hotline_open_by_yellow ON server.hotline_order (yellow_at) WHERE answered_at IS NULL;
CREATE INDEX ON server.hotline_order (unit_code);
CREATE INDEX ON server.hotline_order (community_id);
CREATE INDEX ON server.hotline_order USING gin (content gin_trgm_ops);
-- Who called: deletable, beside everything that is kept for good.
CREATE TABLE server.hotline_caller (
  order_id uuid PRIMARY KEY REFERENCES server.hotline_order,
  name text NOT NULL,
  phone text NOT NULL
);
-- Every wording in which an order came in; the order itself carries the newest.
CREATE TABLE server.hotline_edition (
  order_id uuid NOT NULL REFERENCES server.hotline_order,
  edition integer NOT NULL CHECK (edition >= 1),
  kind text NOT NULL,
  title text NOT NULL,
  content text NOT NULL,
  address text NOT NULL,
  handling_unit text NOT NULL,
  called_at timestamptz NOT NULL,
  dispatched_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  yellow_at timestamptz NOT NULL,
  return_due_at timestamptz NOT NULL,
  caller_changed boolean NOT NULL DEFAULT false,
  way text NOT NULL CHECK (way IN ('sheet', 'paste')),
  taken_at timestamptz NOT NULL,
  taken_by uuid REFERENCES server."user",
  PRIMARY KEY (order_id, edition)
);
CREATE TABLE server.hotline_transition (
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  PRIMARY KEY (command, from_state, to_state)
);
INSERT INTO server.hotline_transition VALUES
  ('hotline.receive', '', 'received'),
  ('hotline.accept', 'received', 'in_progress'),
  ('hotline.return', 'received', 'returned'),
  ('hotline.return', 'in_progress', 'returned'),
  ('hotline.return_granted', 'returned', 'given_back'),
  ('hotline.return_refused', 'returned', 'in_progress'),
  ('hotline.reply', 'in_progress', 'replied'),
  ('hotline.reply', 'replied', 'replied'),
  ('hotline.contact', 'replied', 'closed'),
  ('hotline.redo', 'replied', 'in_progress'),
  ('hotline.redo', 'closed', 'in_progress');
INSERT INTO server.hotline_transition
  SELECT command, state, state
    FROM unnest(ARRAY['hotline.place', 'hotline.link', 'hotline.unlink']) command, unnest(ARRAY['received', 'in_progress', 'replied']) state;
INSERT INTO server.hotline_transition
  SELECT command, state, state
    FROM unnest(ARRAY['hotline.change', 'hotline.note']) command,
         unnest(ARRAY['received', 'in_progress', 'replied', 'closed', 'returned', 'given_back']) state;
CREATE TABLE server.hotline_entry (
  order_id uuid NOT NULL REFERENCES server.hotline_order,
  seq integer NOT NULL CHECK (seq >= 1),
  command text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  actor_id uuid REFERENCES server."user",
  recorded_at timestamptz NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  imported boolean NOT NULL DEFAULT false,
  PRIMARY KEY (order_id, seq)
);
COMMENT ON COLUMN server.hotline_entry.imported IS 'a fact of before, told by the sheet that the order came in with';
CREATE TABLE server.hotline_order_case (
  order_id uuid NOT NULL REFERENCES server.hotline_order,
  case_id uuid NOT NULL REFERENCES server."case",
  linked_at timestamptz NOT NULL,
  linked_by uuid REFERENCES server."user",
  PRIMARY KEY (order_id, case_id)
);
CREATE INDEX ON server.hotline_order_case (case_id);

CREATE FUNCTION server.hotline_signal(yellow_at timestamptz, due_at timestamptz, answered_at timestamptz, at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(answered_at, at) <= yellow_at THEN 'green' WHEN coalesce(answered_at, at) <= due_at THEN 'yellow' ELSE 'red' END
$$;

CREATE FUNCTION server.check_hotline_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands server.hotline_order;
BEGIN
  SELECT * INTO stands FROM server.hotline_order o WHERE o.order_id = NEW.order_id FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  IF NEW.seq <> stands.version + 1 THEN
    PERFORM server.case_fault('hotline_entry_follows', format('the next entry of this order is %s', stands.version + 1));
  END IF;
  IF NEW.from_state <> (CASE stands.version WHEN 0 THEN '' ELSE stands.state END) OR NOT EXISTS (
       SELECT FROM server.hotline_transition t WHERE (t.command, t.from_state, t.to_state) = (NEW.command, NEW.from_state, NEW.to_state)) THEN
    PERFORM server.case_fault('hotline_state_forbids', format('%s does not lead from %s to %s', NEW.command, stands.state, NEW.to_state));
  END IF;
  IF NEW.command = 'hotline.return' AND NOT NEW.imported AND NEW.recorded_at > stands.return_due_at THEN
    PERFORM server.case_fault('hotline_returned_in_time', 'the time for giving this order back has passed');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hotline_entry_checked BEFORE INSERT ON server.hotline_entry
  FOR EACH ROW EXECUTE FUNCTION server.check_hotline_entry();

-- The history moves the order: nothing else does.
CREATE FUNCTION server.move_hotline_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE told jsonb := NEW.facts;
BEGIN
  UPDATE server.hotline_order o SET version = NEW.seq, state = NEW.to_state,
      reply = CASE NEW.command WHEN 'hotline.reply' THEN told ->> 'reply' ELSE o.reply END,
      answered_at = CASE NEW.command
        WHEN 'hotline.reply' THEN coalesce(o.answered_at, (told ->> 'replied_at')::timestamptz, NEW.recorded_at)
        WHEN 'hotline.return_granted' THEN NEW.recorded_at WHEN 'hotline.redo' THEN NULL ELSE o.answered_at END,
      contacted_on = CASE NEW.command WHEN 'hotline.contact' THEN (told ->> 'contacted_on')::date WHEN 'hotline.redo' THEN NULL ELSE o.contacted_on END,
      satisfied = CASE NEW.command WHEN 'hotline.contact' THEN told ->> 'satisfied' WHEN 'hotline.redo' THEN NULL ELSE o.satisfied END,
      solved = CASE NEW.command WHEN 'hotline.contact' THEN told ->> 'solved' WHEN 'hotline.redo' THEN NULL ELSE o.solved END,
      return_reason = CASE NEW.command WHEN 'hotline.return' THEN told ->> 'reason' ELSE o.return_reason END,
      community_id = CASE NEW.command WHEN 'hotline.place' THEN (told ->> 'community_id')::uuid ELSE o.community_id END,
      due_at = CASE NEW.command WHEN 'hotline.redo' THEN (told ->> 'due_at')::timestamptz ELSE o.due_at END,
      yellow_at = CASE NEW.command WHEN 'hotline.redo' THEN (told ->> 'yellow_at')::timestamptz ELSE o.yellow_at END,
      told_signal = CASE NEW.command WHEN 'hotline.redo' THEN 'green' ELSE o.told_signal END
   WHERE o.order_id = NEW.order_id;
  IF NEW.command = 'hotline.change' THEN
    -- A deadline that the platform has not moved stays where the county has moved it since.
    UPDATE server.hotline_order o SET edition = e.edition, kind = e.kind, title = e.title, content = e.content, address = e.address,
        handling_unit = e.handling_unit, called_at = e.called_at, dispatched_at = e.dispatched_at, return_due_at = e.return_due_at,
        due_at = CASE WHEN e.due_at = b.due_at THEN o.due_at ELSE e.due_at END,
        yellow_at = CASE WHEN e.due_at = b.due_at THEN o.yellow_at ELSE e.yellow_at END,
        told_signal = CASE WHEN e.due_at > b.due_at THEN 'green' ELSE o.told_signal END
      FROM server.hotline_edition e JOIN server.hotline_edition b ON b.order_id = e.order_id AND b.edition = e.edition - 1
     WHERE o.order_id = NEW.order_id AND e.order_id = NEW.order_id AND e.edition = (told ->> 'edition')::integer;
  ELSIF NEW.command = 'hotline.link' THEN
    INSERT INTO server.hotline_order_case (order_id, case_id, linked_at, linked_by)
      VALUES (NEW.order_id, (told ->> 'case_id')::uuid, NEW.recorded_at, NEW.actor_id);
  ELSIF NEW.command = 'hotline.unlink' THEN
    DELETE FROM server.hotline_order_case k WHERE k.order_id = NEW.order_id AND k.case_id = (told ->> 'case_id')::uuid;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER hotline_entry_moves AFTER INSERT ON server.hotline_entry
  FOR EACH ROW EXECUTE FUNCTION server.move_hotline_order();

CREATE FUNCTION server.guard_hotline_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  written server.hotline_entry;
  was jsonb := to_jsonb(OLD) - '{told_signal,unit_code}'::text[];
  becomes jsonb := to_jsonb(NEW) - '{told_signal,unit_code}'::text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.version <> 0 OR NEW.state <> 'received' OR NEW.edition <> 1 THEN
      PERFORM server.case_fault('hotline_order_begins', 'an order begins as received, without a history');
    END IF;
    RETURN NEW;
  END IF;
  IF becomes = was THEN
    RETURN NEW;
  END IF;
  SELECT * INTO written FROM server.hotline_entry e WHERE e.order_id = OLD.order_id ORDER BY e.seq DESC LIMIT 1;
  -- The trigger of the entry writes twice for a changed order: first its version, then its words.
  IF (NEW.order_id, NEW.order_no, NEW.received_at) IS DISTINCT FROM (OLD.order_id, OLD.order_no, OLD.received_at)
     OR (NEW.version, NEW.state) IS DISTINCT FROM (written.seq, written.to_state)
     OR NEW.version = OLD.version AND NOT (written.command = 'hotline.change' AND OLD.edition < (written.facts ->> 'edition')::integer
                                           AND NEW.edition = (written.facts ->> 'edition')::integer) THEN
    PERFORM server.case_fault('hotline_history_moves', 'an order is moved by its history alone');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hotline_order_guarded BEFORE INSERT OR UPDATE ON server.hotline_order
  FOR EACH ROW EXECUTE FUNCTION server.guard_hotline_order();
CREATE FUNCTION server.require_hotline_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM server.hotline_entry e WHERE e.order_id = NEW.order_id)
     OR NOT EXISTS (SELECT FROM server.hotline_edition e WHERE e.order_id = NEW.order_id) THEN
    PERFORM server.case_fault('hotline_order_has_a_history', 'an order has a first edition and a first entry');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hotline_order_has_a_history AFTER INSERT ON server.hotline_order
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION server.require_hotline_entry();
-- A case is tied to an order, or untied, by an entry of the order's history.
CREATE FUNCTION server.guard_hotline_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  link server.hotline_order_case := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  written server.hotline_entry;
BEGIN
  SELECT * INTO written FROM server.hotline_entry e WHERE e.order_id = link.order_id ORDER BY e.seq DESC LIMIT 1;
  IF (written.command, written.facts ->> 'case_id')
     IS DISTINCT FROM (CASE TG_OP WHEN 'INSERT' THEN 'hotline.link' WHEN 'DELETE' THEN 'hotline.unlink' END, link.case_id::text) THEN
    PERFORM server.case_fault('hotline_link_is_told', 'a case is tied to an order by the history alone');
  END IF;
  RETURN link;
END $$;
CREATE TRIGGER hotline_link_guarded BEFORE INSERT OR UPDATE OR DELETE ON server.hotline_order_case
  FOR EACH ROW EXECUTE FUNCTION server.guard_hotline_link();
CREATE TRIGGER hotline_order_never_deleted BEFORE DELETE OR TRUNCATE ON server.hotline_order
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER hotline_edition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.hotline_edition
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER hotline_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON server.hotline_entry
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
CREATE TRIGGER hotline_order_case_kept BEFORE TRUNCATE ON server.hotline_order_case
  FOR EACH STATEMENT EXECUTE FUNCTION server.refuse_change();
REVOKE UPDATE, DELETE ON server.hotline_order FROM wangge_app;
GRANT UPDATE (told_signal, unit_code) ON server.hotline_order TO wangge_app;
REVOKE UPDATE, DELETE ON server.hotline_edition, server.hotline_entry FROM wangge_app;
REVOKE INSERT, UPDATE, DELETE ON server.hotline_order_case, server.hotline_transition FROM wangge_app;

-- What the county may set: numbers, words that tell a category, sentences of replies; each with its validity.
CREATE TABLE server.hotline_rule (
  name text NOT NULL CHECK (name IN ('answer_work_days', 'return_work_days', 'yellow_share')),
  valid_from date NOT NULL,
  valid_to date,
  value numeric NOT NULL CHECK (value > 0 AND value < 1000),
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (name, valid_from),
  CHECK (valid_to > valid_from),
  CHECK (CASE name WHEN 'yellow_share' THEN value < 1 ELSE value = trunc(value) END),
  EXCLUDE USING gist (name WITH =, daterange(valid_from, valid_to) WITH &&)
);
INSERT INTO server.hotline_rule (name, valid_from, value, source) VALUES
  ('answer_work_days', '2019-06-01', 5, '产品默认值'), ('return_work_days', '2019-06-01', 1, '产品默认值'),
  ('yellow_share', '2019-06-01', 0.8, '产品默认值');
CREATE TABLE server.hotline_keyword (
  word text NOT NULL CHECK (length(word) BETWEEN 1 AND 20),
  category text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  weight numeric NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 10),
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (word, category, valid_from),
  CHECK (valid_to > valid_from)
);
INSERT INTO server.hotline_keyword (word, category, valid_from, weight, source)
SELECT word, category, '2019-06-01', weight, '产品默认值' FROM (VALUES
  ('消防通道', 'fire_lane_blocked', 2), ('消防车通道', 'fire_lane_blocked', 2), ('堵门', 'entrance_blocked', 1), ('出入口', 'entrance_blocked', 1),
  ('楼道堆', 'evacuation_blocked', 2), ('杂物', 'evacuation_blocked', 1), ('安全出口', 'evacuation_blocked', 2), ('乱停', 'parking_disorderly', 2),
  ('停车', 'parking_disorderly', 1), ('车位', 'parking_disorderly', 1), ('飞线', 'private_wiring_charging', 3), ('私拉电线', 'private_wiring_charging', 3),
  ('楼道充电', 'indoor_charging', 3), ('入户充电', 'indoor_charging', 3), ('充电桩', 'charging_port_broken', 1), ('充电口', 'charging_port_broken', 2),
  ('充不上电', 'charging_port_broken', 2), ('种菜', 'green_vegetable_plot', 3), ('毁绿', 'green_destroyed', 2), ('砍树', 'green_destroyed', 2),
  ('占用绿地', 'green_public_area_occupied', 3), ('占用公共', 'green_public_area_occupied', 2), ('绿化', 'green_poor_upkeep', 1), ('杂草', 'green_poor_upkeep', 2),
  ('小广告', 'small_ad_not_cleared', 3), ('公共收益', 'common_income_not_disclosed', 3), ('收益公示', 'common_income_not_disclosed', 3),
  ('收费标准', 'service_not_disclosed', 1), ('物业费', 'service_not_disclosed', 1), ('电梯', 'lift_maintenance_inadequate', 1), ('困人', 'lift_stopped', 3),
  ('电梯停', 'lift_stopped', 3), ('电梯坏', 'lift_stopped', 2), ('僵尸车', 'zombie_vehicle', 3), ('漏水', 'common_part_damaged', 1), ('外墙', 'common_part_damaged', 2),
  ('墙皮', 'common_part_damaged', 2), ('楼顶', 'common_part_damaged', 1), ('路面', 'common_part_damaged', 1), ('路灯', 'equipment_not_maintained', 2),
  ('下水道', 'equipment_not_maintained', 2), ('井盖', 'equipment_not_maintained', 2), ('灭火器', 'fire_facility_substandard', 2), ('消火栓', 'fire_facility_substandard', 2),
  ('监控', 'camera_blind_area', 2), ('门禁', 'access_control_broken', 2), ('单元门', 'entrance_door_broken', 2), ('停水', 'water_equipment_neglected', 2),
  ('水压', 'water_equipment_neglected', 2), ('停电', 'power_equipment_neglected', 2), ('变压器', 'power_equipment_neglected', 2), ('养鸡', 'livestock_unlawful', 3),
  ('养鸽', 'livestock_unlawful', 3), ('养狗', 'dog_unlawful', 2), ('犬', 'dog_unlawful', 1), ('遛狗', 'dog_unlawful', 2), ('公示牌', 'notice_board_missing', 2),
  ('无人答复', 'complaint_unanswered', 2), ('不处理', 'complaint_unanswered', 1)) AS known (word, category, weight);
CREATE TABLE server.hotline_text (
  stage text NOT NULL CHECK (stage IN
    ('frame', 'none', 'reported', 'declined', 'filed', 'in_progress', 'suspended', 'fixed', 'closed', 'transferred', 'voided')),
  valid_from date NOT NULL,
  valid_to date,
  wording text NOT NULL CHECK (length(wording) BETWEEN 1 AND 2000),
  source text NOT NULL CHECK (source <> ''),
  PRIMARY KEY (stage, valid_from),
  CHECK (valid_to > valid_from),
  EXCLUDE USING gist (stage WITH =, daterange(valid_from, valid_to) WITH &&)
);
INSERT INTO server.hotline_text (stage, valid_from, wording, source) VALUES
  ('frame', '2019-06-01', '您好！您于{called_on}反映的问题（工单编号：{order_no}）已收悉，现将办理情况答复如下：
{findings}
感谢您对小区治理工作的监督和支持。', '产品默认值'),
  ('none', '2019-06-01', '您反映的问题正在调查核实，办理结果将于{due_on}前答复您。', '产品默认值'),
  ('reported', '2019-06-01', '您反映的{community}“{problem}”问题已于{reported_on}登记，正在派员现场核实。', '产品默认值'),
  ('declined', '2019-06-01', '经现场核实，{community}未发现“{problem}”问题，或该问题不属于受理范围，不予立案。', '产品默认值'),
  ('filed', '2019-06-01', '经核实，{community}“{problem}”问题属实，已于{filed_on}立案（案卷号：{number}），正在交办责任单位，整改期限为{case_due_on}。', '产品默认值'),
  ('in_progress', '2019-06-01', '经核实，{community}“{problem}”问题属实，已于{filed_on}立案（案卷号：{number}），由{unit}负责整改，整改期限为{case_due_on}，我单位将持续督促。', '产品默认值'),
  ('suspended', '2019-06-01', '{community}“{problem}”问题已于{filed_on}立案（案卷号：{number}），因客观条件限制暂缓整改，计划于{resume_on}恢复办理。', '产品默认值'),
  ('fixed', '2019-06-01', '{community}“{problem}”问题（案卷号：{number}）已由{unit}整改，整改情况：{done}。目前正在组织现场核查。', '产品默认值'),
  ('closed', '2019-06-01', '{community}“{problem}”问题（案卷号：{number}）已由{unit}整改完毕，整改情况：{done}。经现场核查合格，已于{closed_on}销号。', '产品默认值'),
  ('transferred', '2019-06-01', '{community}“{problem}”问题（案卷号：{number}）经核实属其他单位职责范围，已依规移交办理。', '产品默认值'),
  ('voided', '2019-06-01', '{community}“{problem}”问题经复核不成立，案卷已作废。', '产品默认值');
CREATE FUNCTION server.guard_hotline_setting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.valid_to IS NOT NULL OR to_jsonb(NEW) - 'valid_to' <> to_jsonb(OLD) - 'valid_to' THEN
    PERFORM server.case_fault('hotline_setting_is_ended_once', 'a value is ended once and never rewritten');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hotline_rule_guarded BEFORE UPDATE ON server.hotline_rule FOR EACH ROW EXECUTE FUNCTION server.guard_hotline_setting();
CREATE TRIGGER hotline_keyword_guarded BEFORE UPDATE ON server.hotline_keyword FOR EACH ROW EXECUTE FUNCTION server.guard_hotline_setting();
CREATE TRIGGER hotline_text_guarded BEFORE UPDATE ON server.hotline_text FOR EACH ROW EXECUTE FUNCTION server.guard_hotline_setting();
REVOKE DELETE ON server.hotline_rule, server.hotline_keyword, server.hotline_text FROM wangge_app;
"""

DOWN = r"""
DROP TABLE server.hotline_text;
DROP TABLE server.hotline_keyword;
DROP TABLE server.hotline_rule;
DROP FUNCTION server.guard_hotline_setting();
DROP TABLE server.hotline_order_case;
DROP TABLE server.hotline_entry;
DROP TABLE server.hotline_transition;
DROP TABLE server.hotline_edition;
DROP TABLE server.hotline_caller;
DROP TABLE server.hotline_order;
DROP FUNCTION server.guard_hotline_link();
DROP FUNCTION server.require_hotline_entry();
DROP FUNCTION server.guard_hotline_order();
DROP FUNCTION server.move_hotline_order();
DROP FUNCTION server.check_hotline_entry();
DROP FUNCTION server.hotline_signal(timestamptz, timestamptz, timestamptz, timestamptz);
"""


def upgrade() -> None:
    # The sentences hold colons, which SQLAlchemy would read as parameters.
    op.get_bind().exec_driver_sql(UP.replace("%", "%%"))


def downgrade() -> None:
    op.execute(DOWN)
