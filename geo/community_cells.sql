WITH wanted AS (
  SELECT c.community_id, c.geom FROM geo.community c WHERE c.community_id = ANY(CAST(:ids AS uuid[]))
), cell AS NOT MATERIALIZED (
  SELECT g.code, g.geom FROM geo.grid_cell g
   WHERE g.valid_to IS NULL OR g.valid_to > coalesce(CAST(:day AS date), (now() AT TIME ZONE 'Asia/Shanghai')::date)
), gone AS (
  DELETE FROM geo.community_cell k USING wanted w WHERE k.community_id = w.community_id
   AND NOT EXISTS (SELECT FROM cell g WHERE g.code = k.grid_cell_code AND ST_Intersects(g.geom, w.geom))
), shared AS (
  SELECT w.community_id, g.code,
         ST_Area(ST_Transform(ST_Intersection(w.geom, g.geom), (SELECT metric_srid FROM geo.county))) AS area_m2
    FROM wanted w JOIN cell g ON ST_Intersects(g.geom, w.geom)
)
INSERT INTO geo.community_cell (community_id, grid_cell_code, area_m2)
SELECT community_id, code, area_m2 FROM shared WHERE area_m2 >= 1
ON CONFLICT (community_id, grid_cell_code) DO UPDATE SET area_m2 = excluded.area_m2
