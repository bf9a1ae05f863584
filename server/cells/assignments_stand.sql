SELECT NOT EXISTS (
         SELECT FROM server.assignment_moved m LEFT JOIN server.assignment a USING (assignment_id)
          WHERE m.change_id = :change_id AND m.becomes IS DISTINCT FROM to_jsonb(a))
   AND NOT EXISTS (
         SELECT FROM geo.cell_lineage l JOIN server.assignment a ON a.grid_cell_code = l.successor
          WHERE l.change_id = :change_id AND NOT EXISTS (
                SELECT FROM server.assignment_moved m
                 WHERE m.change_id = :change_id AND m.assignment_id = a.assignment_id))
