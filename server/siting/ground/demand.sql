-- Where households live in some communities: each building at the entrance nearest to its middle, in metres.
SELECT b.building_id::text AS id, b.community_id::text AS community_id, b.name, b.households,
       coalesce(b.floors, 1) * ST_Area(ST_Transform(b.geom, k.metric_srid)) AS floor_m2,
       ST_X(at.metres) AS x, ST_Y(at.metres) AS y, ST_X(at.geom) AS lon, ST_Y(at.geom) AS lat
  FROM geo.building b CROSS JOIN geo.county k
 CROSS JOIN LATERAL (
       SELECT p.geom, ST_Transform(p.geom, k.metric_srid) AS metres
         FROM (SELECT coalesce((SELECT e.geom FROM geo.entrance e WHERE e.building_id = b.building_id
                                 ORDER BY e.geom <-> ST_Centroid(b.geom), e.entrance_id LIMIT 1),
                               ST_PointOnSurface(b.geom)) AS geom) p) at
 WHERE b.community_id = ANY(CAST(:ids AS uuid[]))
 ORDER BY b.community_id, b.building_id
