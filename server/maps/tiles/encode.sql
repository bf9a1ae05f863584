-- Shapes in EPSG:3857 become a tile of 4096 units with 64 around it; an area too thin becomes the box around it.
WITH given AS (
  SELECT feature_id, told, ST_SetSRID(ST_GeomFromWKB(decode(wkb, 'hex')), 3857) AS shape
    FROM unnest(CAST(:ids AS bigint[]), CAST(:shapes AS text[]), CAST(:told AS jsonb[])) AS g (feature_id, wkb, told)
), drawn AS (
  SELECT coalesce(
           ST_AsMVTGeom(shape, ST_TileEnvelope(:z, :x, :y), 4096, 64, true),
           CASE WHEN ST_Dimension(shape) = 2 AND least(ST_XMax(shape) - ST_XMin(shape), ST_YMax(shape) - ST_YMin(shape)) < 4 * :grain
                THEN ST_AsMVTGeom(ST_Expand(ST_Envelope(shape), :grain), ST_TileEnvelope(:z, :x, :y), 4096, 64, true) END
         ) AS geom, feature_id, told
    FROM given
)
SELECT ST_AsMVT(drawn, :name, 4096, 'geom', 'feature_id') FROM drawn WHERE geom IS NOT NULL
