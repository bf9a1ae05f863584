-- What came of cells that ended: by changes that stand, and back again by those that were undone.
WITH RECURSIVE place AS (
  SELECT w.n AS place, w.code, ST_SetSRID(ST_MakePoint(w.lon, w.lat), 4326) AS geom
    FROM unnest(CAST(:codes AS text[]), CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY AS w (code, lon, lat, n)
), heir AS (
  SELECT p.place, CAST(p.code AS char(15)) AS code FROM place p
  UNION
  SELECT h.place, CASE WHEN c.undone_at IS NULL THEN l.successor ELSE l.predecessor END
    FROM heir h
    JOIN geo.grid_cell g ON g.code = h.code AND g.valid_to <= CAST(:day AS date)
    JOIN geo.cell_lineage l ON h.code IN (l.predecessor, l.successor)
    JOIN geo.cell_change c ON c.change_id = l.change_id
     AND h.code = CASE WHEN c.undone_at IS NULL THEN l.predecessor ELSE l.successor END
)
SELECT h.place, array_agg(g.code::text ORDER BY coalesce(ST_Distance(g.geom, p.geom), 0), g.code) AS heirs
  FROM heir h
  JOIN place p ON p.place = h.place
  JOIN geo.grid_cell g ON g.code = h.code AND (g.valid_to IS NULL OR g.valid_to > CAST(:day AS date))
 GROUP BY h.place
