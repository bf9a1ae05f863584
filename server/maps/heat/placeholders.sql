-- One look into the index for each position: the planner would sort all cases for them.
SELECT coalesce(sum(found.n), 0)::bigint
  FROM server.placeholder_position p
 CROSS JOIN LATERAL (
  SELECT count(*) AS n
    FROM server."case" c
    JOIN geo.community m ON m.community_id = c.community_id
   WHERE c.geom && p.geom AND ST_X(c.geom) = ST_X(p.geom) AND ST_Y(c.geom) = ST_Y(p.geom)
     AND (CAST(:since AS timestamptz) IS NULL OR c.reported_at >= CAST(:since AS timestamptz))
     AND (CAST(:until AS timestamptz) IS NULL OR c.reported_at < CAST(:until AS timestamptz))
     AND (CAST(:categories AS text[]) IS NULL OR c.category = ANY(CAST(:categories AS text[])))
     AND lower(c.severity::text) = ANY(CAST(:severities AS text[]))
     AND CASE WHEN c.ended_at IS NULL THEN 'open' WHEN c.state = 'closed' THEN 'closed' ELSE 'ended' END
         = ANY(CAST(:standings AS text[]))
     AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
     AND (CAST(:unit AS text) IS NULL OR c.unit_code = :unit OR c.lead_unit = :unit)
     AND (CAST(:cells AS text[]) IS NULL OR CAST(c.grid_cell_code AS text) = ANY(CAST(:cells AS text[])))) AS found
