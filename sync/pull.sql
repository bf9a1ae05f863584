-- One page of the rows of some buckets, in the order of change numbers, each bucket from its own start.
SELECT page.bucket, page.entity, page.entity_id, page.version, page.rev, page.alive, page.change_no,
       s.mid, s.body::text
  FROM (
    SELECT b.bucket, x.*
      FROM unnest(CAST(:buckets AS text[]), CAST(:change_nos AS bigint[]),
                  CAST(:entities AS text[]), CAST(:ids AS text[])) AS b (bucket, change_no, entity, entity_id)
     CROSS JOIN LATERAL (
       SELECT e.entity, e.entity_id, e.version, e.rev, e.alive, e.change_no
         FROM sync.bucket_entry e
        WHERE e.bucket = b.bucket
          AND (e.change_no, e.entity, e.entity_id) > (b.change_no, b.entity, b.entity_id)
          AND e.change_no <= :up_to
        ORDER BY e.change_no, e.entity, e.entity_id
        LIMIT :limit
     ) AS x
     ORDER BY x.change_no, b.bucket COLLATE "C", x.entity, x.entity_id
     LIMIT :limit
  ) AS page
  LEFT JOIN sync.entity_state s
    ON page.alive AND s.entity = page.entity AND s.entity_id = page.entity_id
 ORDER BY page.change_no, page.bucket COLLATE "C", page.entity, page.entity_id
