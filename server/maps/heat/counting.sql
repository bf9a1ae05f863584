-- What is filled in comes from the code, never from a caller.
  SELECT place, month, {sums}
    FROM (
      {counted}
      UNION ALL
      SELECT {place_of_inspection}, {month_of_inspection}, 'inspected', '', count(*)
        FROM server.inspection i
        JOIN geo.community m ON m.community_id = i.community_id
       WHERE i.corrects IS NULL
         AND (CAST(:since AS timestamptz) IS NULL OR coalesce(i.finished_at, i.received_at) >= CAST(:since AS timestamptz))
         AND (CAST(:until AS timestamptz) IS NULL OR coalesce(i.finished_at, i.received_at) < CAST(:until AS timestamptz))
         AND (CAST(:division AS text) IS NULL OR starts_with(m.neighbourhood_code, CAST(:division AS text)))
         AND (CAST(:unit AS text) IS NULL OR EXISTS (SELECT FROM server.service_contract s
                WHERE s.community_id = i.community_id AND s.unit_code = :unit
                  AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))
         AND (CAST(:cells AS text[]) IS NULL OR CAST(i.grid_cell_code AS text) = ANY(CAST(:cells AS text[]))
              OR i.grid_cell_code IS NULL AND EXISTS (SELECT FROM geo.community_cell k
                   WHERE k.community_id = i.community_id AND k.grid_cell_code = ANY(CAST(:cells AS text[]))))
         {and_inspection}
       GROUP BY 1, 2
    ) AS counted
   GROUP BY place, month
