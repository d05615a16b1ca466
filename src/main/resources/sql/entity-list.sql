SELECT id, updated_at, data
  FROM entity_list(:#${variable.tenant}, :#${variable.entity},
                   CAST(:#${variable.since} AS timestamptz), CAST(:#${variable.after} AS uuid),
                   CAST(:#${variable.limit} AS integer))
