-- What a person and their unit were told, the newest first: one walk down each of the two indexes.
WITH told AS (
  (SELECT * FROM server.notification n WHERE n.unit_code = :unit
      AND (CAST(:after_at AS timestamptz) IS NULL
           OR (n.created_at, n.notification_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
      AND (NOT :unread OR NOT EXISTS (SELECT FROM server.notification_read r
                                       WHERE r.user_id = :user_id AND r.notification_id = n.notification_id)
           AND n.created_at > coalesce((SELECT read_until FROM server.notification_read_until
                                         WHERE user_id = :user_id), '-infinity'))
    ORDER BY n.created_at DESC, n.notification_id DESC LIMIT :limit)
  UNION ALL
  (SELECT * FROM server.notification n WHERE n.user_id = :user_id
      AND (CAST(:after_at AS timestamptz) IS NULL
           OR (n.created_at, n.notification_id) < (CAST(:after_at AS timestamptz), CAST(:after_id AS uuid)))
      AND (NOT :unread OR NOT EXISTS (SELECT FROM server.notification_read r
                                       WHERE r.user_id = :user_id AND r.notification_id = n.notification_id)
           AND n.created_at > coalesce((SELECT read_until FROM server.notification_read_until
                                         WHERE user_id = :user_id), '-infinity'))
    ORDER BY n.created_at DESC, n.notification_id DESC LIMIT :limit)
)
SELECT t.notification_id::text, t.event_id, t.kind, t.unit_code, t.entity, t.entity_id::text, t.title_zh, t.title_en,
       t.created_at, coalesce(r.read_at, CASE WHEN t.created_at <= u.read_until THEN u.read_until END) AS read_at
  FROM told t
  LEFT JOIN server.notification_read r ON r.user_id = :user_id AND r.notification_id = t.notification_id
  LEFT JOIN server.notification_read_until u ON u.user_id = :user_id
 ORDER BY t.created_at DESC, t.notification_id DESC
 LIMIT :limit
