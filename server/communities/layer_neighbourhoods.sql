SELECT code AS id, geom, code, name_zh, kind, origin, outline_origin, subdistrict_code
  FROM geo.neighbourhood
