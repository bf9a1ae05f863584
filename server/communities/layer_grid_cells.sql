SELECT g.code AS id, g.geom, g.geom_3857, g.code, g.neighbourhood_code, g.area_m2, g.management_grade, g.origin,
       g.valid_from, g.valid_to
  FROM geo.grid_cell g
 WHERE (g.valid_to IS NULL OR g.valid_to > CAST(:since AS date))
   AND (CAST(:division AS text) IS NULL OR starts_with(g.code::text, CAST(:division AS text)))
   AND (CAST(:cells AS text[]) IS NULL OR g.code = ANY(CAST(:cells AS text[])))
   AND CAST(:unit AS text) IS NULL
