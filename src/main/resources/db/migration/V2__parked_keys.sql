-- Order per business object through failures. What failed waits in parked; its ordering key is in
-- parked_key while anything of it waits, and whatever comes later of that key queues behind it.
--
-- An ordering key is <stage>/<subscription>/<event key>, and the event's id behind it where order
-- does not matter. Of each, the row with the lowest version is the head. Only heads are due; the
-- others have no due_at. A key's row in parked_key is also its lock: who adds to or takes from a
-- key's queue holds it, so that nothing queues behind a head that is just leaving.
--
-- The functions are planned anew at each call: a plan made while the tables are empty reads them
-- whole, and would be kept while a hundred thousand rows come. For the same reason they look a queue
-- up by nothing but its ordering key, and no other index begins with what row level security adds.

ALTER TABLE parked NO FORCE ROW LEVEL SECURITY;
ALTER TABLE parked
  ALTER COLUMN due_at DROP NOT NULL,
  ADD COLUMN order_key text,
  ADD COLUMN version bigint NOT NULL DEFAULT 0,
  -- Being run, or waiting for its verdict, until due_at; then somebody else may take it.
  ADD COLUMN claimed boolean NOT NULL DEFAULT false,
  -- How many times an operator put it back.
  ADD COLUMN replay integer NOT NULL DEFAULT 0;
UPDATE parked SET order_key = stage || '/' || subscription || '/' || event_key;
ALTER TABLE parked ALTER COLUMN order_key SET NOT NULL;
ALTER TABLE parked
  DROP CONSTRAINT parked_pkey,
  ADD PRIMARY KEY (event_id, subscription, stage, tenant_id);
CREATE INDEX parked_queue ON parked (order_key, version, event_id);

CREATE TABLE parked_key (
  order_key text PRIMARY KEY,
  tenant_id text NOT NULL
);
INSERT INTO parked_key (order_key, tenant_id)
  SELECT DISTINCT order_key, tenant_id FROM parked;
ALTER TABLE parked FORCE ROW LEVEL SECURITY;
ALTER TABLE parked_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE parked_key FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON parked_key
  USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
  WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON parked_key TO hub_service;

-- What a newer state took the place of is noted like a delivery.
ALTER TABLE delivery ADD COLUMN outcome text NOT NULL DEFAULT 'delivered'
  CHECK (outcome IN ('delivered', 'superseded'));

-- Which of these ordering keys have something waiting, by their places in the array.
CREATE FUNCTION parked_among(p_order_keys text[])
  RETURNS TABLE (place integer)
  LANGUAGE plpgsql STABLE
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
BEGIN
  RETURN QUERY
    SELECT w.place::integer
      FROM unnest(p_order_keys) WITH ORDINALITY AS w (order_key, place)
      JOIN parked_key k ON k.order_key = w.order_key;
END
$$;

-- Sees to it that exactly the head of a key is due; true when another one became head, which is due
-- now.
CREATE FUNCTION parked_head(p_order_key text)
  RETURNS boolean
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
DECLARE
  head uuid;
BEGIN
  SELECT p.event_id INTO head FROM parked p
   WHERE p.order_key = p_order_key ORDER BY p.version, p.event_id LIMIT 1;
  UPDATE parked p SET due_at = NULL, claimed = false
   WHERE p.order_key = p_order_key AND p.event_id <> head AND p.due_at IS NOT NULL;
  UPDATE parked p SET due_at = now()
   WHERE p.order_key = p_order_key AND p.event_id = head AND p.due_at IS NULL;
  RETURN FOUND;
END
$$;

-- Holds a failed event: it is its key's head, or queues if the key is parked already. Without a
-- verdict within 15 seconds it is tried again. What is held stays as it is.
CREATE FUNCTION parked_hold(
    p_tenant text, p_event uuid, p_stage text, p_subscription text, p_event_key text,
    p_order_key text, p_version bigint, p_attempt integer, p_class text, p_reason text,
    p_attributes jsonb, p_data bytea)
  RETURNS void
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
BEGIN
  INSERT INTO parked_key (order_key, tenant_id) VALUES (p_order_key, p_tenant)
    ON CONFLICT (order_key) DO UPDATE SET tenant_id = excluded.tenant_id;
  INSERT INTO parked (tenant_id, event_id, stage, subscription, event_key, order_key, version,
                      attempt, due_at, claimed, error_class, reason, attributes, data)
  VALUES (p_tenant, p_event, p_stage, p_subscription, p_event_key, p_order_key, p_version,
          p_attempt, now() + interval '15 seconds', true, p_class, p_reason, p_attributes, p_data)
  ON CONFLICT (tenant_id, event_id, stage, subscription) DO NOTHING;
  PERFORM parked_head(p_order_key);
END
$$;

-- Only the newest waits, and takes over the head's due time and attempts; what is being run stays.
CREATE FUNCTION parked_supersede(p_order_key text)
  RETURNS void
  LANGUAGE sql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
  WITH newest AS (
    SELECT p.event_id FROM parked p
     WHERE p.order_key = p_order_key ORDER BY p.version DESC, p.event_id DESC LIMIT 1
  ), gone AS (
    DELETE FROM parked p
     WHERE p.order_key = p_order_key AND NOT p.claimed
       AND p.event_id <> (SELECT event_id FROM newest)
    RETURNING p.*
  ), noted AS (
    INSERT INTO delivery (tenant_id, event_id, subscription, attempt, outcome)
    SELECT tenant_id, event_id, subscription, attempt, 'superseded' FROM gone
    ON CONFLICT DO NOTHING
  )
  UPDATE parked p
     SET due_at = g.due_at, attempt = g.attempt, first_failed_at = g.first_failed_at,
         error_class = g.error_class, reason = g.reason
    FROM gone g
   WHERE g.due_at IS NOT NULL AND p.order_key = p_order_key
     AND p.event_id = (SELECT event_id FROM newest);
$$;

-- Queues an event behind the head of its key; false when the key is free, so that the event may go
-- its way. With p_latest it takes the place of all that wait and are not being run.
CREATE FUNCTION parked_behind(
    p_tenant text, p_event uuid, p_stage text, p_subscription text, p_event_key text,
    p_order_key text, p_version bigint, p_attributes jsonb, p_data bytea, p_latest boolean)
  RETURNS boolean
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
BEGIN
  PERFORM FROM parked_key k WHERE k.order_key = p_order_key FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO parked (tenant_id, event_id, stage, subscription, event_key, order_key, version,
                      attempt, error_class, reason, attributes, data)
  VALUES (p_tenant, p_event, p_stage, p_subscription, p_event_key, p_order_key, p_version,
          0, 'behind', 'an earlier event of the same object waits', p_attributes, p_data)
  ON CONFLICT (tenant_id, event_id, stage, subscription) DO NOTHING;
  IF p_latest THEN
    PERFORM parked_supersede(p_order_key);
  END IF;
  PERFORM parked_head(p_order_key);
  RETURN true;
END
$$;

-- Takes what is due for half a minute; somebody else takes it after that, unless it is renewed.
CREATE FUNCTION parked_claim(p_most integer)
  RETURNS SETOF parked
  LANGUAGE sql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
  UPDATE parked SET claimed = true, due_at = now() + interval '30 seconds'
   WHERE (tenant_id, event_id, stage, subscription) IN (
     SELECT tenant_id, event_id, stage, subscription FROM parked
      WHERE due_at <= now() ORDER BY due_at LIMIT p_most FOR UPDATE SKIP LOCKED)
  RETURNING *;
$$;

-- Keeps what is still being run from being taken by somebody else.
CREATE FUNCTION parked_renew(p_events uuid[])
  RETURNS void
  LANGUAGE sql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
  UPDATE parked SET due_at = now() + interval '30 seconds'
   WHERE event_id = ANY (p_events) AND claimed;
$$;

-- Gives a failed event its due time; false when it is not parked any more, because it passed or was
-- taken out in the meantime. Age counts from the first failure that was not a disabled tenant.
CREATE FUNCTION parked_defer(
    p_tenant text, p_event uuid, p_stage text, p_subscription text, p_attempt integer,
    p_due timestamptz, p_class text, p_reason text)
  RETURNS boolean
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
DECLARE
  v_order_key text;
BEGIN
  UPDATE parked p
     SET attempt = p_attempt, due_at = p_due, claimed = false,
         first_failed_at =
           CASE WHEN p.error_class IN ('disabled', 'behind') THEN now() ELSE p.first_failed_at END,
         error_class = p_class, reason = p_reason
   WHERE p.tenant_id = p_tenant AND p.event_id = p_event
     AND p.stage = p_stage AND p.subscription = p_subscription
  RETURNING p.order_key INTO v_order_key;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM parked_head(v_order_key);
  RETURN true;
END
$$;

-- Takes events out of parked; the next of each key becomes its head, an empty key is free again.
-- Gives the number of new heads. Keys are locked in their order, so that none waits for another in
-- a circle.
CREATE FUNCTION parked_release(
    p_tenants text[], p_events uuid[], p_stages text[], p_subscriptions text[])
  RETURNS integer
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
DECLARE
  one record;
  heads integer := 0;
BEGIN
  FOR one IN
    SELECT p.tenant_id, p.event_id, p.order_key
      FROM unnest(p_tenants, p_events, p_stages, p_subscriptions)
        AS g (tenant_id, event_id, stage, subscription)
      JOIN parked p
        ON p.tenant_id = g.tenant_id AND p.event_id = g.event_id
       AND p.stage = g.stage AND p.subscription = g.subscription
     ORDER BY p.order_key COLLATE "C", p.version
  LOOP
    PERFORM FROM parked_key k WHERE k.order_key = one.order_key FOR UPDATE;
    DELETE FROM parked p WHERE p.order_key = one.order_key AND p.event_id = one.event_id;
    IF parked_head(one.order_key) THEN
      heads := heads + 1;
    ELSE
      DELETE FROM parked_key k
       WHERE k.order_key = one.order_key
         AND NOT EXISTS (SELECT FROM parked p WHERE p.order_key = one.order_key);
    END IF;
  END LOOP;
  RETURN heads;
END
$$;

-- Where one event is and was.
CREATE OR REPLACE FUNCTION event_history(p_tenant text, p_event uuid)
  RETURNS TABLE (step text, at timestamptz, detail text, attempt integer, reason text)
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('hub.tenants', p_tenant, true);
  RETURN QUERY
    SELECT h.* FROM (
      SELECT 'applied', i.applied_at, '', 1, '' FROM inbox i
       WHERE i.tenant_id = p_tenant AND i.event_id = p_event
      UNION ALL
      SELECT d.outcome, d.delivered_at, d.subscription, d.attempt, '' FROM delivery d
       WHERE d.tenant_id = p_tenant AND d.event_id = p_event
      UNION ALL
      SELECT 'parked', coalesce(p.due_at, p.first_failed_at), p.subscription, p.attempt,
             p.error_class || ': ' || p.reason
        FROM parked p WHERE p.tenant_id = p_tenant AND p.event_id = p_event
      UNION ALL
      SELECT 'dead-lettered', l.died_at, l.subscription, l.attempt,
             l.error_class || ': ' || l.reason
        FROM dead_letter l WHERE l.tenant_id = p_tenant AND l.event_id = p_event
    ) AS h (step, at, detail, attempt, reason)
    ORDER BY h.at;
END
$$;
