-- Everything that rules keep charging away from, in and around some communities, in metres.
WITH here AS MATERIALIZED (
  SELECT ST_Expand(c.geom, CAST(:reach_m AS double precision) / 80000) AS box
    FROM geo.community c WHERE c.community_id = ANY(CAST(:ids AS uuid[]))
), metres AS (SELECT metric_srid AS srid FROM geo.county)
SELECT 'building' AS kind, ST_AsBinary(ST_Transform(b.geom, srid)) AS shape FROM metres, geo.building b
 WHERE b.building_id IN (SELECT n.building_id FROM here JOIN geo.building n ON n.geom && here.box)
UNION ALL
SELECT 'entrance', ST_AsBinary(ST_Transform(e.geom, srid)) FROM metres, geo.entrance e
 WHERE e.building_id IN (SELECT n.building_id FROM here JOIN geo.building n ON n.geom && here.box)
UNION ALL
SELECT 'fire_lane', ST_AsBinary(ST_Transform(f.geom, srid)) FROM metres, geo.fire_lane f
 WHERE f.lane_id IN (SELECT n.lane_id FROM here JOIN geo.fire_lane n ON n.geom && here.box)
   AND daterange(f.valid_from, f.valid_to) @> CAST(:day AS date)
UNION ALL
SELECT 'ladder_ground', ST_AsBinary(ST_Transform(g.geom, srid)) FROM metres, geo.open_ground g
 WHERE g.ground_id IN (SELECT n.ground_id FROM here JOIN geo.open_ground n ON n.geom && here.box)
   AND g.kind = 'ladder_ground' AND daterange(g.valid_from, g.valid_to) @> CAST(:day AS date)
UNION ALL
SELECT 'forbidden', ST_AsBinary(ST_Transform(x.geom, srid)) FROM metres, server.siting_forbidden x
 WHERE x.area_id IN (SELECT n.area_id FROM here JOIN server.siting_forbidden n ON n.geom && here.box)
   AND daterange(x.valid_from, x.valid_to) @> CAST(:day AS date)
UNION ALL
SELECT 'facility:' || f.kind, ST_AsBinary(ST_Transform(f.geom, srid)) FROM metres, geo.facility f
 WHERE f.facility_id IN (SELECT n.facility_id FROM here JOIN geo.facility n ON n.geom && here.box)
   AND f.kind = ANY(:facilities) AND (f.valid_to IS NULL OR f.valid_to > :day)
