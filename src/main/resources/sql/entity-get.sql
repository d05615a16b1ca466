SELECT source_version, data
  FROM entity_get(:#${variable.tenant}, :#${variable.entity}, CAST(:#${variable.id} AS uuid))
