-- What one must know to find an event and to tell its whole way: who brought it, which mapping
-- translated it, each try that failed, and what it led to.
--
-- The inbox stays one table: it is what makes an event count once, by its id alone, so it cannot be
-- cut by time. Its primary key begins with the event's id, so that an id is found without its tenant.
-- No index is on what a sender can make longer than a page of a B-tree takes; those two are hashed.

ALTER TABLE inbox NO FORCE ROW LEVEL SECURITY;
ALTER TABLE entity NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox
  DROP CONSTRAINT inbox_pkey,
  ADD PRIMARY KEY (event_id, tenant_id),
  -- When the hub took it.
  ADD COLUMN received_at timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN source_version bigint NOT NULL DEFAULT 0,
  -- Which of mapping_used translated it.
  ADD COLUMN mapping bigint,
  -- How many times it came again, and when the last time.
  ADD COLUMN repeats integer NOT NULL DEFAULT 0,
  ADD COLUMN repeated_at timestamptz,
  ADD COLUMN system text NOT NULL DEFAULT '',
  ADD COLUMN entity text NOT NULL DEFAULT '',
  ADD COLUMN action text NOT NULL DEFAULT '',
  ADD COLUMN external_id text COLLATE "C" NOT NULL DEFAULT '',
  -- Such as key:acme-2026, hook:sap or poll:workorders, and v1 or v2.
  ADD COLUMN received_by text,
  ADD COLUMN api text,
  -- Null when it is the event's own id.
  ADD COLUMN correlation_id text,
  ADD COLUMN causation_id text,
  -- Of the trace that has its spans; null when they are not recorded.
  ADD COLUMN trace_id uuid;

-- Of the events before this table had these columns, the shard knows what the newest of each object is.
UPDATE inbox SET received_at = applied_at;
UPDATE inbox i
   SET entity = e.entity, source_version = e.source_version,
       system = coalesce(e.data #>> '{externalRefs,0,system}', ''),
       external_id = coalesce(e.data #>> '{externalRefs,0,id}', '')
  FROM entity e
 WHERE e.tenant_id = i.tenant_id AND e.event_id = i.event_id;
ALTER TABLE inbox FORCE ROW LEVEL SECURITY;
ALTER TABLE entity FORCE ROW LEVEL SECURITY;

-- Each gives its events in exactly the order that lists have, so that nothing is ever sorted.
CREATE INDEX inbox_time ON inbox (received_at, event_id);
CREATE INDEX inbox_entity ON inbox (tenant_id, entity, received_at, event_id);
CREATE INDEX inbox_object ON inbox (external_id, received_at, event_id);
CREATE INDEX inbox_stale ON inbox (received_at, event_id) WHERE stale;
CREATE INDEX inbox_tenant_stale ON inbox (tenant_id, received_at, event_id) WHERE stale;
CREATE INDEX inbox_correlation ON inbox USING hash (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX inbox_causation ON inbox USING hash (causation_id) WHERE causation_id IS NOT NULL;

-- Each state of a mapping that translated something; the id is made of the other columns.
CREATE TABLE mapping_used (
  tenant_id  text        NOT NULL,
  id         bigint      NOT NULL,
  connector  text        NOT NULL,
  file       text        NOT NULL,
  sha256     text        NOT NULL,
  first_used timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, tenant_id)
);

-- Each try that failed; one that did not count as a try, since nothing was sent, is one row
-- however often it happens.
CREATE TABLE failed_try (
  tenant_id    text        NOT NULL,
  event_id     uuid        NOT NULL,
  stage        text        NOT NULL,
  subscription text        NOT NULL,
  -- 0: before an operator put it back.
  replay       integer     NOT NULL,
  attempt      integer     NOT NULL,
  failed_at    timestamptz NOT NULL DEFAULT now(),
  times        integer     NOT NULL DEFAULT 1,
  error_class  text        NOT NULL,
  -- Of the answer, 0 without one.
  status       integer     NOT NULL,
  reason       text        NOT NULL,
  -- What became of it: parked or dead-lettered.
  outcome      text        NOT NULL,
  PRIMARY KEY (event_id, stage, subscription, replay, attempt, tenant_id)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['mapping_used', 'failed_try'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I
         USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
         WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO hub_service', name);
  END LOOP;
END
$$;

-- RFC 3339 with its offset means the same everywhere, which PostgreSQL cannot know of texts.
CREATE FUNCTION hub_moment(p_text text)
  RETURNS timestamptz
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN p_text::timestamptz;
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['parked', 'dead_letter', 'discarded_letter'] LOOP
    EXECUTE format($ddl$
      ALTER TABLE %I
        ADD COLUMN received_at timestamptz
          GENERATED ALWAYS AS (hub_moment(attributes->>'time')) STORED,
        ADD COLUMN correlation_id text GENERATED ALWAYS AS (attributes->>'correlationid') STORED,
        ADD COLUMN causation_id text GENERATED ALWAYS AS (attributes->>'causationid') STORED,
        ADD COLUMN external_id text COLLATE "C"
          GENERATED ALWAYS AS (substr(event_key,
            length(split_part(event_key, '|', 1)) + length(split_part(event_key, '|', 2))
              + length(split_part(event_key, '|', 3)) + 4)) STORED $ddl$, name);
    EXECUTE format('CREATE INDEX %I ON %I (received_at, event_id)', name || '_received', name);
    EXECUTE format(
      'CREATE INDEX %I ON %I (received_at, event_id) WHERE stage <> ''deliver''',
      name || '_before', name);
    EXECUTE format('CREATE INDEX %I ON %I (external_id, received_at, event_id)', name || '_object', name);
    EXECUTE format(
      'CREATE INDEX %I ON %I USING hash (correlation_id)', name || '_correlation', name);
    EXECUTE format(
      'CREATE INDEX %I ON %I USING hash (causation_id) WHERE causation_id IS NOT NULL',
      name || '_causation', name);
  END LOOP;
END
$$;

-- Events that are not in the inbox, because they failed before it; the same one may be in several.
CREATE VIEW event_before_inbox WITH (security_invoker = true) AS
  SELECT tenant_id, event_id, event_key, attributes, received_at, external_id, correlation_id,
         causation_id
    FROM parked WHERE stage <> 'deliver'
  UNION ALL
  SELECT tenant_id, event_id, event_key, attributes, received_at, external_id, correlation_id,
         causation_id
    FROM dead_letter WHERE stage <> 'deliver'
  UNION ALL
  SELECT tenant_id, event_id, event_key, attributes, received_at, external_id, correlation_id,
         causation_id
    FROM discarded_letter WHERE stage <> 'deliver';

-- All that a shard knows, under one set of names.
CREATE VIEW event_known WITH (security_invoker = true) AS
  SELECT tenant_id, event_id, received_at, system, entity, external_id, action,
         source_version, received_by, api,
         coalesce(correlation_id, event_id::text) AS correlation_id, correlation_id AS correlated,
         causation_id, trace_id, true AS stored
    FROM inbox
  UNION ALL
  SELECT tenant_id, event_id, received_at,
         split_part(event_key, '|', 2), split_part(event_key, '|', 3), external_id,
         split_part(attributes->>'type', '.', 4), (attributes->>'sourceversion')::bigint,
         attributes->>'receivedby', attributes->>'apiversion', correlation_id, correlation_id,
         causation_id,
         CASE WHEN attributes->>'traceparent' LIKE '%-01'
           THEN substr(attributes->>'traceparent', 4, 32)::uuid END, false
    FROM event_before_inbox;
GRANT SELECT ON event_before_inbox, event_known TO hub_service;

-- The furthest an event came.
CREATE FUNCTION event_status(p_tenant text, p_event uuid)
  RETURNS text
  LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
BEGIN
  RETURN CASE
    WHEN EXISTS (SELECT FROM dead_letter l WHERE l.event_id = p_event AND l.tenant_id = p_tenant)
      THEN 'dead-lettered'
    WHEN EXISTS (SELECT FROM parked p WHERE p.event_id = p_event AND p.tenant_id = p_tenant)
      THEN 'parked'
    WHEN EXISTS (SELECT FROM discarded_letter g
                  WHERE g.event_id = p_event AND g.tenant_id = p_tenant)
      THEN 'discarded'
    WHEN EXISTS (SELECT FROM delivery d WHERE d.event_id = p_event AND d.tenant_id = p_tenant
                    AND d.outcome <> 'superseded')
      THEN 'delivered'
    WHEN EXISTS (SELECT FROM inbox i WHERE i.event_id = p_event AND i.tenant_id = p_tenant
                    AND i.stale)
      THEN 'superseded'
    ELSE 'applied'
  END;
END
$$;

-- Notes a try that failed, when the event waits.
CREATE FUNCTION failed_try_note(
    p_tenant text, p_event uuid, p_stage text, p_subscription text, p_attempt integer,
    p_class text, p_status integer, p_reason text, p_outcome text)
  RETURNS void
  LANGUAGE sql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
  INSERT INTO failed_try (tenant_id, event_id, stage, subscription, replay, attempt,
                          error_class, status, reason, outcome)
  SELECT p.tenant_id, p.event_id, p.stage, p.subscription, p.replay, p_attempt,
         p_class, p_status, p_reason, p_outcome
    FROM parked p
   WHERE p.tenant_id = p_tenant AND p.event_id = p_event
     AND p.stage = p_stage AND p.subscription = p_subscription
  ON CONFLICT (event_id, stage, subscription, replay, attempt, tenant_id) DO UPDATE
    SET failed_at = now(), times = failed_try.times + 1, error_class = excluded.error_class,
        status = excluded.status, reason = excluded.reason, outcome = excluded.outcome;
$$;

-- What an event came from, what it led to, and what else bears its correlation id: at most 20, 100
-- and 20.
CREATE FUNCTION event_chain(p_tenant text, p_event uuid, p_correlation text, p_causation text)
  RETURNS TABLE (relation text, place integer, id text, known boolean)
  LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
DECLARE
  cause text := p_causation;
  seen text[] := ARRAY[p_event::text];
  layer text[];
  found_ids text[];
  depth integer := 0;
BEGIN
  WHILE cause IS NOT NULL AND depth < 20 AND NOT cause = ANY (seen) LOOP
    depth := depth + 1;
    relation := 'cause';
    place := -depth;
    id := cause;
    seen := seen || cause;
    known := false;
    IF cause ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
      SELECT true, k.causation_id INTO known, cause FROM event_known k
       WHERE k.event_id = id::uuid AND k.tenant_id = p_tenant LIMIT 1;
      known := coalesce(known, false);
    END IF;
    RETURN NEXT;
    EXIT WHEN NOT known;
  END LOOP;
  layer := ARRAY[p_event::text];
  depth := 0;
  WHILE cardinality(layer) > 0 AND depth < 20 AND cardinality(seen) < 120 LOOP
    depth := depth + 1;
    found_ids := ARRAY(
      SELECT DISTINCT k.event_id::text
        FROM unnest(layer) AS l (id) JOIN event_known k ON k.causation_id = l.id
       WHERE k.tenant_id = p_tenant AND NOT k.event_id::text = ANY (seen)
       LIMIT 100);
    seen := seen || found_ids;
    layer := found_ids;
    FOREACH id IN ARRAY found_ids LOOP
      relation := 'effect';
      place := depth;
      known := true;
      RETURN NEXT;
    END LOOP;
  END LOOP;
  FOR id IN
    SELECT DISTINCT k.event_id::text FROM event_known k
     WHERE k.correlated = p_correlation AND k.tenant_id = p_tenant
       AND NOT k.event_id::text = ANY (seen)
     LIMIT 20
  LOOP
    relation := 'related';
    place := 0;
    known := true;
    RETURN NEXT;
  END LOOP;
END
$$;

-- Each step of an event's way as a JSON object, in the order of their times; without those that
-- only the gateway knows.
CREATE FUNCTION event_steps(p_tenant text, p_event uuid)
  RETURNS jsonb
  LANGUAGE sql STABLE
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
  SELECT coalesce(
           jsonb_agg(jsonb_strip_nulls(
               jsonb_build_object('step', h.step, 'at', h.at, 'to', nullif(h.subscription, ''))
                 || h.more)
             ORDER BY h.at, h.rank),
           '[]')
    FROM (
      SELECT 1, 'mapped', i.applied_at, '',
             jsonb_build_object('connector', m.connector, 'mapping', m.file, 'sha256', m.sha256)
        FROM inbox i JOIN mapping_used m ON m.id = i.mapping AND m.tenant_id = i.tenant_id
       WHERE i.event_id = p_event AND i.tenant_id = p_tenant
      UNION ALL
      SELECT 2, CASE WHEN i.stale THEN 'superseded' ELSE 'applied' END, i.applied_at, '',
             jsonb_build_object('version', i.source_version)
        FROM inbox i WHERE i.event_id = p_event AND i.tenant_id = p_tenant
      UNION ALL
      SELECT 3, 'repeated', i.repeated_at, '', jsonb_build_object('times', i.repeats)
        FROM inbox i WHERE i.event_id = p_event AND i.tenant_id = p_tenant AND i.repeats > 0
      UNION ALL
      SELECT 4, 'failed', f.failed_at, f.subscription,
             jsonb_build_object(
               'stage', f.stage, 'attempt', f.attempt, 'replay', nullif(f.replay, 0),
               'times', nullif(f.times, 1), 'status', nullif(f.status, 0),
               'errorClass', f.error_class, 'reason', f.error_class || ': ' || f.reason,
               'then', f.outcome)
        FROM failed_try f WHERE f.event_id = p_event AND f.tenant_id = p_tenant
      UNION ALL
      SELECT 9, d.outcome, d.delivered_at, d.subscription, jsonb_build_object('attempt', d.attempt)
        FROM delivery d WHERE d.event_id = p_event AND d.tenant_id = p_tenant
      UNION ALL
      SELECT 8, 'parked', coalesce(p.due_at, p.first_failed_at), p.subscription,
             jsonb_build_object(
               'stage', p.stage, 'since', p.first_failed_at, 'attempt', p.attempt,
               'replay', nullif(p.replay, 0), 'errorClass', p.error_class,
               'reason', p.error_class || ': ' || p.reason)
        FROM parked p WHERE p.event_id = p_event AND p.tenant_id = p_tenant
      UNION ALL
      SELECT 5, 'dead-lettered', l.died_at, l.subscription,
             jsonb_build_object(
               'stage', l.stage, 'attempt', l.attempt, 'replay', nullif(l.replay, 0),
               'errorClass', l.error_class, 'reason', l.error_class || ': ' || l.reason)
        FROM dead_letter l WHERE l.event_id = p_event AND l.tenant_id = p_tenant
      UNION ALL
      SELECT 6, 'edited', e.edited_at, e.subscription,
             jsonb_build_object('version', e.version, 'operator', e.edited_by)
        FROM dead_letter_edit e WHERE e.event_id = p_event AND e.tenant_id = p_tenant
      UNION ALL
      SELECT 7, 'replayed', a.at, split_part(a.target, '@', 2),
             jsonb_build_object('replay', (a.detail::jsonb->>'replay')::integer,
                                'operator', a.operator)
        FROM audit a
       WHERE a.tenant_id = p_tenant AND a.action = 'replayed'
         AND a.target ~>=~ p_event::text AND a.target ~<~ (p_event || 'A')
      UNION ALL
      SELECT 7, 'discarded', g.discarded_at, g.subscription,
             jsonb_build_object('stage', g.stage, 'attempt', g.attempt, 'reason', g.discard_reason,
                                'operator', g.discarded_by)
        FROM discarded_letter g WHERE g.event_id = p_event AND g.tenant_id = p_tenant
    ) AS h (rank, step, at, subscription, more);
$$;

-- All there is to tell of one event; null when the shard does not know it.
CREATE FUNCTION event_passport(p_tenant text, p_event uuid)
  RETURNS jsonb
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
DECLARE
  known record;
  letters boolean;
  answer jsonb;
BEGIN
  PERFORM set_config('hub.tenants', p_tenant, true);
  SELECT k.* INTO known FROM event_known k
   WHERE k.event_id = p_event AND k.tenant_id = p_tenant ORDER BY k.stored DESC LIMIT 1;
  letters := FOUND;
  answer := jsonb_build_object('steps', event_steps(p_tenant, p_event));
  IF NOT letters THEN
    RETURN CASE WHEN jsonb_array_length(answer->'steps') > 0 THEN answer END;
  END IF;
  RETURN answer || jsonb_build_object(
    'event', jsonb_strip_nulls(jsonb_build_object(
      'tenant', p_tenant, 'system', known.system, 'entity', known.entity,
      'externalId', known.external_id, 'type', known.entity || '.' || known.action,
      'version', known.source_version, 'correlationId', known.correlation_id,
      'causationId', known.causation_id)),
    'received', jsonb_strip_nulls(jsonb_build_object(
      'at', known.received_at, 'by', known.received_by, 'api', known.api,
      'trace', replace(known.trace_id::text, '-', ''))),
    'chain', (
      SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
               'relation', c.relation, 'distance', nullif(abs(c.place), 0), 'id', c.id,
               'system', k.system, 'type', k.entity || '.' || k.action,
               'externalId', k.external_id, 'at', k.received_at,
               'status', CASE WHEN c.known THEN event_status(p_tenant, c.id::uuid) END))
               ORDER BY c.place, k.received_at), '[]')
        FROM event_chain(p_tenant, p_event, known.correlation_id, known.causation_id) AS c
        LEFT JOIN LATERAL (
          SELECT e.* FROM event_known e
           WHERE c.known AND e.event_id = CASE WHEN c.known THEN c.id::uuid END
             AND e.tenant_id = p_tenant
           ORDER BY e.stored DESC LIMIT 1) AS k ON true));
END
$$;

-- Gives a failed event its due time; false when it is not parked any more, because it passed or was
-- taken out in the meantime. Age counts from the first failure that was neither a disabled tenant nor
-- a receiver that is gone. p_try is the number of the try, p_attempt how many of them count.
DROP FUNCTION parked_defer(text, uuid, text, text, integer, timestamptz, text, text);
CREATE FUNCTION parked_defer(
    p_tenant text, p_event uuid, p_stage text, p_subscription text, p_try integer,
    p_attempt integer, p_due timestamptz, p_class text, p_status integer, p_reason text)
  RETURNS boolean
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
DECLARE
  v_order_key text;
BEGIN
  UPDATE parked p
     SET attempt = p_attempt, due_at = p_due, claimed = false,
         first_failed_at =
           CASE WHEN p.error_class IN ('disabled', 'gone', 'behind') THEN now() ELSE p.first_failed_at END,
         error_class = p_class, reason = p_reason
   WHERE p.tenant_id = p_tenant AND p.event_id = p_event
     AND p.stage = p_stage AND p.subscription = p_subscription
  RETURNING p.order_key INTO v_order_key;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM failed_try_note(
    p_tenant, p_event, p_stage, p_subscription, p_try, p_class, p_status, p_reason, 'parked');
  PERFORM parked_head(v_order_key);
  RETURN true;
END
$$;
