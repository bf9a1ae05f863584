SELECT adcode AS id, geom, name_zh, name_en, origin, source, licence FROM geo.county
