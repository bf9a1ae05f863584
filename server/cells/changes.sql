WITH RECURSIVE kin AS (
  SELECT CAST(:cell AS text) AS code, true AS earlier, true AS later WHERE CAST(:cell AS text) IS NOT NULL
  UNION
  SELECT CASE WHEN k.later AND l.predecessor = k.code THEN l.successor ELSE l.predecessor END::text,
         k.earlier AND l.successor = k.code, k.later AND l.predecessor = k.code
    FROM kin k JOIN geo.cell_lineage l
      ON k.later AND l.predecessor = k.code OR k.earlier AND l.successor = k.code
)
SELECT jsonb_build_object('change_id', c.change_id, 'kind', c.kind, 'on', c.starts_on, 'why', c.why,
         'made_by', c.made_by, 'made_by_name', m.display_name, 'made_at', c.made_at,
         'undone_by', c.undone_by, 'undone_at', c.undone_at,
         'predecessors', p.codes, 'successors', s.codes)
  FROM geo.cell_change c
  LEFT JOIN server."user" m ON m.user_id = c.made_by
 CROSS JOIN LATERAL (SELECT to_jsonb(ARRAY(SELECT DISTINCT l.predecessor::text FROM geo.cell_lineage l
                      WHERE l.change_id = c.change_id ORDER BY 1)) AS codes) p
 CROSS JOIN LATERAL (SELECT to_jsonb(ARRAY(SELECT DISTINCT l.successor::text FROM geo.cell_lineage l
                      WHERE l.change_id = c.change_id ORDER BY 1)) AS codes) s
 WHERE (CAST(:division AS text) IS NULL OR EXISTS (SELECT FROM geo.cell_lineage l
         WHERE l.change_id = c.change_id AND starts_with(l.predecessor::text, CAST(:division AS text))))
   AND (CAST(:cell AS text) IS NULL OR EXISTS (SELECT FROM geo.cell_lineage l JOIN kin k
         ON l.predecessor = k.code AND k.later OR l.successor = k.code AND k.earlier WHERE l.change_id = c.change_id))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (c.made_at, c.change_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY c.made_at DESC, c.change_id DESC
 LIMIT :limit
