SELECT CASE WHEN grouping(k.category) = 0 THEN 'category' WHEN grouping(k.community_id) = 0 THEN 'community'
            WHEN grouping(k.channel) = 0 THEN 'channel' ELSE 'all' END AS by,
       coalesce(k.category, k.community_id::text, k.channel) AS key,
       CASE WHEN grouping(k.category) = 0 THEN max(g.label_zh) END AS name_zh,
       CASE WHEN grouping(k.category) = 0 THEN max(g.label_en) END AS name_en,
       CASE WHEN grouping(k.community_id) = 0 THEN max(c.name) END AS name,
       count(*) AS received,
       count(DISTINCT k.group_id) AS places,
       count(*) FILTER (WHERE k.state <> 'closed') AS open,
       count(*) FILTER (WHERE k.case_id IS NOT NULL) AS became_cases,
       count(*) FILTER (WHERE k.acknowledge_due_at IS NOT NULL AND least(k.acknowledged_at, :now) > k.acknowledge_due_at) AS acknowledged_late,
       count(*) FILTER (WHERE k.answered_at IS NOT NULL OR k.closed_at IS NOT NULL) AS answered,
       count(*) FILTER (WHERE (k.answered_at IS NOT NULL OR k.closed_at IS NOT NULL) AND NOT k.answered_late) AS answered_in_time,
       count(*) FILTER (WHERE server.complaint_due(k) < :now) AS overdue,
       count(*) FILTER (WHERE k.outcome = 'satisfied') AS satisfied,
       count(*) FILTER (WHERE k.reopened_count > 0) AS reopened
  FROM server.complaint k
  JOIN geo.community c ON c.community_id = k.community_id
  LEFT JOIN server.category g ON g.category = k.category
 WHERE (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:own AS uuid) IS NULL OR k.user_id = CAST(:own AS uuid) OR k.verifier_id = CAST(:own AS uuid))
   AND (CAST(:received_from AS timestamptz) IS NULL OR k.received_at >= CAST(:received_from AS timestamptz))
   AND (CAST(:received_before AS timestamptz) IS NULL OR k.received_at < CAST(:received_before AS timestamptz))
 GROUP BY GROUPING SETS ((), (k.category), (k.community_id), (k.channel))
 ORDER BY 1, received DESC, 2
