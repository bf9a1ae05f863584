-- Open cases with what they are due for: the SQL twin of `escalation.level_due`. `:ids` null looks at all of them.
WITH ended AS (
  SELECT * FROM unnest(CAST(:amounts AS integer[]), CAST(:units AS text[]), CAST(:befores AS timestamptz[]))
      AS e (amount, unit, before)
), facts AS (
  SELECT c.case_id, left(m.neighbourhood_code, 9) AS street, c.level, c.due_at, c.yellow_at, c.rework_count, c.severity,
         CASE WHEN c.refused_count >= 1 THEN 'refused'
              WHEN c.rework_count >= 2 THEN 'second_failed_check'
              WHEN c.due_at < e.before THEN 'limit_passed_again' END AS third,
         u.kind = 'department' AS by_department, cardinality(c.investigating_units) AS competent,
         EXISTS (SELECT FROM server.joint_action_case j JOIN server.joint_action a USING (joint_action_id)
                  WHERE j.case_id = c.case_id AND a.state = 'failed') AS joint_failed,
         EXISTS (SELECT FROM server.joint_action_case j WHERE j.case_id = c.case_id) AS bundled
    FROM server."case" c
    JOIN geo.community m USING (community_id)
    LEFT JOIN ended e ON (e.amount, e.unit) = (c.limit_amount, c.limit_unit)
    LEFT JOIN server.unit u ON u.code = c.unit_code
   WHERE c.ended_at IS NULL AND c.paused_at IS NULL AND c.due_at IS NOT NULL
     AND (CAST(:ids AS uuid[]) IS NULL OR c.case_id = ANY(CAST(:ids AS uuid[])))
     AND (c.yellow_at < :now OR c.refused_count >= 1 OR c.rework_count >= 1
          OR c.case_id IN (SELECT j.case_id FROM server.joint_action_case j JOIN server.joint_action a USING (joint_action_id)
                            WHERE a.state = 'failed'))
), judged AS (
  SELECT case_id, street, level, bundled,
         CASE WHEN joint_failed THEN 'joint_action_failed'
              WHEN severity = 'A' AND due_at < :red_before THEN 'grave_and_red'
              WHEN third IS NOT NULL THEN third
              WHEN due_at < :now THEN 'deadline_passed'
              WHEN rework_count >= 1 THEN 'failed_check'
              ELSE 'share_used' END AS why,
         coalesce(third IS NOT NULL AND competent >= 2 OR by_department AND due_at < :now, false) AS joint
    FROM facts
), reached AS (
  SELECT case_id, street, level, bundled, why, joint,
         CASE WHEN why IN ('joint_action_failed', 'grave_and_red') THEN 5
              WHEN why IN ('refused', 'second_failed_check', 'limit_passed_again') THEN 3
              WHEN why IN ('deadline_passed', 'failed_check') THEN 2 ELSE 1 END AS due
    FROM judged
)
SELECT case_id, due, why, joint AND NOT bundled AS joint, due > level AS rises, street
  FROM reached
 WHERE due > level OR joint AND NOT bundled
 ORDER BY case_id
