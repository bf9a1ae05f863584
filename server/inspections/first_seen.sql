-- For each sighting (by its place in the lists) the local day on which the thing was first seen so.
SELECT w.ordinality::integer - 1 AS at, min((i.received_at AT TIME ZONE 'Asia/Shanghai')::date) AS day
  FROM unnest(CAST(:communities AS uuid[]), CAST(:groups AS text[]), CAST(:flags AS text[]), CAST(:values AS text[]),
              CAST(:names AS text[]), CAST(:things AS text[]))
       WITH ORDINALITY AS w (community_id, "group", flag, value, name, thing, ordinality)
  JOIN server.inspection i ON i.community_id = w.community_id AND i.received_at >= :since
 CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN jsonb_typeof(i.answers #> ARRAY[w."group", 'instances']) = 'array'
                                             THEN i.answers #> ARRAY[w."group", 'instances'] END) AS g (instance)
 WHERE g.instance #> ARRAY[w.flag, 'value'] = CAST(w.value AS jsonb)
   AND upper(regexp_replace(g.instance #>> ARRAY[w.name, 'value'], '\s', '', 'g')) = w.thing
 GROUP BY w.ordinality
