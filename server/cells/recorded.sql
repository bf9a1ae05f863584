SELECT (SELECT count(*) FROM server.inspection WHERE grid_cell_code = ANY(CAST(:codes AS text[]))) AS inspections,
       (SELECT count(*) FROM server."case"
         WHERE grid_cell_code = ANY(CAST(:codes AS text[])) AND reported_at >= :since) AS cases,
       (SELECT count(*) FROM server.complaint WHERE grid_cell_code = ANY(CAST(:codes AS text[]))) AS complaints,
       (SELECT count(*) FROM geo.grid_cell WHERE code = ANY(CAST(:codes AS text[])) AND valid_to IS NOT NULL) AS changes
