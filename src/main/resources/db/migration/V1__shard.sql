-- One shard. Every row belongs to a tenant; row level security is forced, also on the owner, and
-- the service's role owns nothing. The service says which tenants a transaction is about by the
-- setting hub.tenants (comma separated); without it no row is visible and none can be written.

CREATE FUNCTION hub_tenants() RETURNS text[]
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN string_to_array(current_setting('hub.tenants', true), ',');

-- Which events were applied: makes the state effectively once.
CREATE TABLE inbox (
  tenant_id  text        NOT NULL,
  event_id   uuid        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  -- A newer version had come before: it changed nothing and nobody is told, however often it comes.
  stale      boolean     NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, event_id)
);

-- The newest version of each canonical object.
CREATE TABLE entity (
  tenant_id      text        NOT NULL,
  entity         text        NOT NULL,
  id             uuid        NOT NULL,
  source_version bigint      NOT NULL,
  event_id       uuid        NOT NULL,
  updated_at     timestamptz NOT NULL DEFAULT now(),
  data           jsonb       NOT NULL,
  PRIMARY KEY (tenant_id, entity, id)
);
CREATE INDEX entity_changes ON entity (tenant_id, entity, updated_at, id);

-- Which observer has got which event.
CREATE TABLE delivery (
  tenant_id    text        NOT NULL,
  event_id     uuid        NOT NULL,
  subscription text        NOT NULL,
  attempt      integer     NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, event_id, subscription)
);

-- What failed and will be tried again.
CREATE TABLE parked (
  tenant_id       text        NOT NULL,
  event_id        uuid        NOT NULL,
  stage           text        NOT NULL,
  subscription    text        NOT NULL,
  event_key       text        NOT NULL,
  attempt         integer     NOT NULL,
  due_at          timestamptz NOT NULL,
  first_failed_at timestamptz NOT NULL DEFAULT now(),
  error_class     text        NOT NULL,
  reason          text        NOT NULL,
  attributes      jsonb       NOT NULL,
  data            bytea       NOT NULL,
  PRIMARY KEY (tenant_id, event_id, stage, subscription)
);
CREATE INDEX parked_due ON parked (due_at);

-- What can never work without a hand.
CREATE TABLE dead_letter (
  tenant_id    text        NOT NULL,
  event_id     uuid        NOT NULL,
  stage        text        NOT NULL,
  subscription text        NOT NULL,
  event_key    text        NOT NULL,
  attempt      integer     NOT NULL,
  died_at      timestamptz NOT NULL DEFAULT now(),
  error_class  text        NOT NULL,
  reason       text        NOT NULL,
  attributes   jsonb       NOT NULL,
  data         bytea       NOT NULL,
  PRIMARY KEY (tenant_id, event_id, stage, subscription)
);
CREATE INDEX dead_letter_newest ON dead_letter (tenant_id, died_at DESC);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['inbox', 'entity', 'delivery', 'parked', 'dead_letter'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    -- The subquery makes PostgreSQL read the setting once a statement, not once a row.
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I
         USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
         WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO hub_service', name);
  END LOOP;
END
$$;

-- Reading for one tenant in a single statement, so that a query route needs no transaction of its own.
CREATE FUNCTION entity_get(p_tenant text, p_entity text, p_id uuid)
  RETURNS TABLE (source_version bigint, data text)
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('hub.tenants', p_tenant, true);
  RETURN QUERY
    SELECT e.source_version, e.data::text FROM entity e
     WHERE e.tenant_id = p_tenant AND e.entity = p_entity AND e.id = p_id;
END
$$;

CREATE FUNCTION entity_list(
    p_tenant text, p_entity text, p_since timestamptz, p_after uuid, p_limit integer)
  RETURNS TABLE (id uuid, updated_at timestamptz, data text)
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('hub.tenants', p_tenant, true);
  RETURN QUERY
    SELECT e.id, e.updated_at, e.data::text FROM entity e
     WHERE e.tenant_id = p_tenant AND e.entity = p_entity
       AND (e.updated_at, e.id) > (p_since, p_after)
     ORDER BY e.updated_at, e.id
     LIMIT p_limit;
END
$$;

-- Where one event is and was.
CREATE FUNCTION event_history(p_tenant text, p_event uuid)
  RETURNS TABLE (step text, at timestamptz, detail text, attempt integer, reason text)
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('hub.tenants', p_tenant, true);
  RETURN QUERY
    SELECT h.* FROM (
      SELECT 'applied', i.applied_at, '', 1, '' FROM inbox i
       WHERE i.tenant_id = p_tenant AND i.event_id = p_event
      UNION ALL
      SELECT 'delivered', d.delivered_at, d.subscription, d.attempt, '' FROM delivery d
       WHERE d.tenant_id = p_tenant AND d.event_id = p_event
      UNION ALL
      SELECT 'parked', p.due_at, p.subscription, p.attempt, p.error_class || ': ' || p.reason
        FROM parked p WHERE p.tenant_id = p_tenant AND p.event_id = p_event
      UNION ALL
      SELECT 'dead-lettered', l.died_at, l.subscription, l.attempt,
             l.error_class || ': ' || l.reason
        FROM dead_letter l WHERE l.tenant_id = p_tenant AND l.event_id = p_event
    ) AS h (step, at, detail, attempt, reason)
    ORDER BY h.at;
END
$$;
