SELECT code AS id, geom, code, name_zh, kind, origin, outline_origin
  FROM geo.subdistrict
