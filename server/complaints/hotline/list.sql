-- Work orders with the names that people read; the place in the order and the order follow.
SELECT o.order_id, o.order_no, o.state, o.version, o.edition, o.kind, o.title, o.content, o.address, o.handling_unit,
       o.unit_code, u.name_zh AS unit_name, o.called_at, o.dispatched_at, o.due_at, o.yellow_at, o.return_due_at, o.received_at,
       CAST(o.called_at AT TIME ZONE 'Asia/Shanghai' AS date) AS called_on,
       o.community_id, c.name AS community_name, o.reply, o.answered_at, o.contacted_on, o.satisfied, o.solved, o.return_reason,
       server.hotline_signal(o.yellow_at, o.due_at, o.answered_at, :now) AS signal,
       (SELECT count(*) FROM server.hotline_order_case k WHERE k.order_id = o.order_id) AS cases
  FROM server.hotline_order o
  JOIN server.unit u ON u.code = o.unit_code
  LEFT JOIN geo.community c ON c.community_id = o.community_id
 WHERE (CAST(:division AS text) IS NULL OR starts_with(u.division_code::text, CAST(:division AS text))
        OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))
   AND (CAST(:unit AS text) IS NULL OR o.unit_code = CAST(:unit AS text))
   AND (CAST(:order_id AS uuid) IS NULL OR o.order_id = CAST(:order_id AS uuid))
   AND (CAST(:states AS text[]) IS NULL OR o.state = ANY(CAST(:states AS text[])))
   AND (CAST(:signals AS text[]) IS NULL
        OR server.hotline_signal(o.yellow_at, o.due_at, o.answered_at, :now) = ANY(CAST(:signals AS text[])))
   AND (CAST(:community_id AS uuid) IS NULL OR o.community_id = CAST(:community_id AS uuid))
   AND (CAST(:case_id AS uuid) IS NULL OR EXISTS (SELECT FROM server.hotline_order_case k
         WHERE k.order_id = o.order_id AND k.case_id = CAST(:case_id AS uuid)))
   AND (CAST(:linked AS boolean) IS NULL OR CAST(:linked AS boolean) = EXISTS (
         SELECT FROM server.hotline_order_case k WHERE k.order_id = o.order_id))
   AND (CAST(:called_from AS date) IS NULL OR o.called_at >= CAST(:called_from AS date)::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND (CAST(:called_to AS date) IS NULL OR o.called_at < (CAST(:called_to AS date) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND (CAST(:received_from AS date) IS NULL OR o.received_at >= CAST(:received_from AS date)::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND (CAST(:received_to AS date) IS NULL OR o.received_at < (CAST(:received_to AS date) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND (CAST(:replied_from AS date) IS NULL AND CAST(:replied_to AS date) IS NULL OR EXISTS (
         SELECT FROM server.hotline_entry e WHERE e.order_id = o.order_id AND e.command = 'hotline.reply'
            AND e.recorded_at >= coalesce(CAST(:replied_from AS date)::timestamp AT TIME ZONE 'Asia/Shanghai', '-infinity')
            AND e.recorded_at < coalesce((CAST(:replied_to AS date) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', 'infinity')))
   AND (CAST(:subdistrict AS text) IS NULL OR starts_with(u.division_code::text, CAST(:subdistrict AS text))
        OR starts_with(c.neighbourhood_code::text, CAST(:subdistrict AS text)))
   AND (CAST(:text AS text) IS NULL OR o.content ILIKE CAST(:text AS text) ESCAPE '/' OR o.order_no ILIKE CAST(:text AS text) ESCAPE '/'
        OR o.address ILIKE CAST(:text AS text) ESCAPE '/')
