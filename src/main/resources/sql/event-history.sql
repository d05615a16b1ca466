SELECT event_passport(:#${variable.tenant}, CAST(:#${variable.id} AS uuid))::text AS told
