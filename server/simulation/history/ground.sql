-- Every demo community with what a walk through it needs: its contracts, eight spots inside, its facilities.
SELECT c.community_id, c.name, c.kind, c.neighbourhood_code::text AS neighbourhood_code,
       n.subdistrict_code::text AS subdistrict_code, c.warranty_until, c.households, c.origin,
       ARRAY(SELECT k.grid_cell_code::text FROM geo.community_cell k
              WHERE k.community_id = c.community_id ORDER BY 1) AS grid_cell_codes,
       (SELECT coalesce(jsonb_agg(jsonb_build_array(s.unit_code, s.starts_on, s.ends_on) ORDER BY s.starts_on), '[]')
          FROM server.service_contract s WHERE s.community_id = c.community_id) AS contracts,
       (SELECT jsonb_agg(jsonb_build_array(round(ST_X(p.geom)::numeric, 7), round(ST_Y(p.geom)::numeric, 7), g.code::text)
                         ORDER BY p.path)
          FROM ST_Dump(ST_GeneratePoints(c.geom, 8, 1 + abs(hashtext(c.community_id::text)) % 1000000)) p
          JOIN geo.grid_cell g ON ST_Covers(g.geom, p.geom) AND g.valid_to IS NULL) AS spots,
       (SELECT coalesce(jsonb_object_agg(f.kind, f.ids), '{}')
          FROM (SELECT kind, jsonb_agg(facility_id ORDER BY facility_id) AS ids FROM geo.facility
                 WHERE community_id = c.community_id GROUP BY kind) f) AS facilities
  FROM geo.community c JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code
 WHERE c.origin = 'demo' AND c.valid_to IS NULL
 ORDER BY c.neighbourhood_code, c.community_id
