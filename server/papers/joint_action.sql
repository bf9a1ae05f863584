-- The newest joint action that was not declined of a case, with its participants and the last result of each.
SELECT a.joint_action_id, a.held_on, coalesce(a.summary, '') AS summary, s.name_zh AS lead,
       array(SELECT u.name_zh FROM server.joint_action_participant p JOIN server.unit u ON u.code = p.unit_code
              WHERE p.joint_action_id = a.joint_action_id
              ORDER BY p.unit_code <> a.subdistrict_unit, p.unit_code) AS participants,
       (SELECT coalesce(json_agg(json_build_array(told.name_zh, told.finding, told.result)), '[]') FROM (
          SELECT DISTINCT ON (r.unit_code) u.name_zh, r.finding, r.result
            FROM server.joint_action_result r JOIN server.unit u ON u.code = r.unit_code
           WHERE r.joint_action_id = a.joint_action_id ORDER BY r.unit_code, r.seq DESC) AS told) AS results
  FROM server.joint_action_case c JOIN server.joint_action a USING (joint_action_id)
  JOIN server.unit s ON s.code = a.subdistrict_unit
 WHERE c.case_id = CAST(:id AS uuid) AND a.state <> 'declined'
 ORDER BY a.proposed_at DESC, a.joint_action_id DESC LIMIT 1
