SELECT f.fault_id::text AS id, f.geom, f.geom_3857, f.fault_id, f.kind, array_to_string(f.codes, ', ') AS codes, f.neighbourhood_code,
       f.area_m2, f.expected_code, f.found_at
  FROM geo.cell_fault f
 WHERE (CAST(:division AS text) IS NULL OR starts_with(f.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:cells AS text[]) IS NULL OR f.codes && CAST(:cells AS text[]))
   AND CAST(:unit AS text) IS NULL
