SELECT s.site_id, s.proposed_at
  FROM server.charging_site s
  JOIN geo.community c ON c.community_id = s.community_id
 WHERE (s.valid_to IS NULL OR s.valid_to > CAST(:day AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract k
         WHERE k.community_id = c.community_id AND k.unit_code = CAST(:unit AS text)
           AND daterange(k.starts_on, k.ends_on) @> CAST(:day AS date)))
   AND (CAST(:cells AS text[]) IS NULL OR EXISTS (SELECT FROM geo.community_cell k
         WHERE k.community_id = c.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
   AND (CAST(:ids AS uuid[]) IS NULL OR s.site_id = ANY(CAST(:ids AS uuid[])))
   AND (CAST(:community_id AS uuid) IS NULL OR s.community_id = CAST(:community_id AS uuid))
   AND (CAST(:status AS text) IS NULL OR s.status = CAST(:status AS text))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR (s.proposed_at, s.site_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
 ORDER BY s.proposed_at DESC, s.site_id DESC
 LIMIT :limit
