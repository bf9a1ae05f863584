SELECT jsonb_build_object('code', n.code, 'name_zh', n.name_zh, 'kind', n.kind,
         'subdistrict_code', n.subdistrict_code, 'subdistrict_name', b.name_zh,
         'origin', n.origin, 'outline_origin', n.outline_origin,
         'geometry', CASE WHEN n.geom IS NULL THEN NULL ELSE ST_AsGeoJSON(n.geom, 7)::jsonb END)
  FROM geo.neighbourhood n
  JOIN geo.subdistrict b ON b.code = n.subdistrict_code
 WHERE (CAST(:subdistrict AS text) IS NULL OR n.subdistrict_code = CAST(:subdistrict AS text))
   AND (CAST(:kind AS text) IS NULL OR n.kind = CAST(:kind AS text))
   AND (CAST(:text AS text) IS NULL OR n.name_zh ILIKE CAST(:text AS text) OR n.code LIKE CAST(:text AS text))
   AND (CAST(:after_1 AS text) IS NULL OR n.code > CAST(:after_1 AS text))
 ORDER BY n.code
 LIMIT :limit
