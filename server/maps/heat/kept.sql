-- What is filled in comes from the code. Hexagons leave out what has none yet: it is counted beside.
  SELECT {place} AS place, {month} AS month, {sums}
    FROM server.heat_exact h {join}
   WHERE h.kind = :kind
     AND {within}
     AND (CAST(:categories AS text[]) IS NULL OR h.category = '' OR h.category = ANY(CAST(:categories AS text[])))
     {and_place}
   GROUP BY 1, 2
