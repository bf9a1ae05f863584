-- Outlines arrive as GeoJSON with what they tell; a tile of 4096 units with 64 around it.
WITH drawn AS (
  SELECT ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(f.geometry), 4326), 3857),
                      ST_TileEnvelope(:z, :x, :y), 4096, 64, true) AS geom,
         f.place, f.name, f.status, f.count, f.inspections, f.value, f.smoothed
    FROM jsonb_to_recordset(CAST(:features AS jsonb)) AS f (
         geometry text, place text, name text, status text, count integer, inspections integer,
         value double precision, smoothed double precision)
)
SELECT ST_AsMVT(drawn, 'heat', 4096, 'geom') FROM drawn WHERE geom IS NOT NULL
