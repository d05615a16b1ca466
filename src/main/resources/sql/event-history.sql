SELECT step, at, detail, attempt, reason
  FROM event_history(:#${variable.tenant}, CAST(:#${variable.id} AS uuid))
