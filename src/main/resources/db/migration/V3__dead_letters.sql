-- Dead letters one can work with: put back, edited, discarded; and the audit of who did it.
--
-- What an operator takes out of dead_letter goes to parked or to discarded_letter in the same
-- transaction. The tables of this file can be read and added to by the service, never changed.

ALTER TABLE dead_letter
  -- How many times an operator put it back before it failed again, and in which run the last time.
  ADD COLUMN replay integer NOT NULL DEFAULT 0,
  ADD COLUMN replay_run uuid,
  -- Which version of dead_letter_edit takes the place of data; 0: none.
  ADD COLUMN edit integer NOT NULL DEFAULT 0;
ALTER TABLE parked ADD COLUMN replay_run uuid;
CREATE INDEX dead_letter_replay_run ON dead_letter (replay_run) WHERE replay_run IS NOT NULL;
CREATE INDEX parked_replay_run ON parked (replay_run) WHERE replay_run IS NOT NULL;

-- Both payloads of each edit. A letter that fails again keeps its edits and their numbers.
CREATE TABLE dead_letter_edit (
  tenant_id    text        NOT NULL,
  event_id     uuid        NOT NULL,
  stage        text        NOT NULL,
  subscription text        NOT NULL,
  version      integer     NOT NULL,
  edited_at    timestamptz NOT NULL DEFAULT now(),
  edited_by    text        NOT NULL,
  replaced     bytea       NOT NULL,
  data         bytea       NOT NULL,
  PRIMARY KEY (tenant_id, event_id, stage, subscription, version)
);

CREATE TABLE discarded_letter (
  tenant_id      text        NOT NULL,
  event_id       uuid        NOT NULL,
  stage          text        NOT NULL,
  subscription   text        NOT NULL,
  event_key      text        NOT NULL,
  attempt        integer     NOT NULL,
  died_at        timestamptz NOT NULL,
  error_class    text        NOT NULL,
  reason         text        NOT NULL,
  attributes     jsonb       NOT NULL,
  data           bytea       NOT NULL,
  replay         integer     NOT NULL,
  edit           integer     NOT NULL,
  discarded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  discarded_by   text        NOT NULL,
  discard_reason text        NOT NULL,
  -- The same event may come, fail and be discarded again.
  PRIMARY KEY (tenant_id, event_id, stage, subscription, discarded_at)
);

-- One chain a tenant: each row's hash covers the hash before it and the row itself.
CREATE TABLE audit (
  tenant_id text        NOT NULL,
  seq       bigint      NOT NULL,
  at        timestamptz NOT NULL,
  operator  text        NOT NULL,
  action    text        NOT NULL,
  target    text        NOT NULL,
  -- A JSON object, kept as the text that was hashed.
  detail    text        NOT NULL,
  previous  bytea       NOT NULL,
  hash      bytea       NOT NULL,
  PRIMARY KEY (tenant_id, seq),
  -- A chain cannot fork.
  UNIQUE (tenant_id, previous)
);
CREATE INDEX audit_target ON audit (tenant_id, target text_pattern_ops);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dead_letter_edit', 'discarded_letter', 'audit'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I
         USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
         WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]))', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO hub_service', name);
  END LOOP;
END
$$;

-- SHA-256 over the previous hash and the fields, each as <bytes>:<text>, so that no two rows have
-- the same content in different fields.
CREATE FUNCTION audit_hash(p_previous bytea, p_fields text[])
  RETURNS bytea
  LANGUAGE sql IMMUTABLE
  RETURN (
    SELECT sha256(p_previous || string_agg(
             convert_to(octet_length(f) || ':' || f, 'UTF8'), ''::bytea ORDER BY place))
      FROM unnest(p_fields) WITH ORDINALITY AS w (f, place));

-- Number, time and hashes are the database's own, whatever the service says. Writers of one chain
-- wait for each other, so that each sees the row before its own.
CREATE FUNCTION audit_chain()
  RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  newest record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit|' || NEW.tenant_id, 0));
  SELECT a.seq, a.hash INTO newest
    FROM audit a WHERE a.tenant_id = NEW.tenant_id ORDER BY a.seq DESC LIMIT 1;
  NEW.seq := coalesce(newest.seq, 0) + 1;
  NEW.previous := coalesce(newest.hash, decode(repeat('00', 32), 'hex'));
  NEW.at := clock_timestamp();
  NEW.hash := audit_hash(NEW.previous, ARRAY[
    NEW.tenant_id, NEW.seq::text,
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    NEW.operator, NEW.action, NEW.target, NEW.detail]);
  RETURN NEW;
END
$$;
CREATE TRIGGER audit_chain BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_chain();

-- Puts an event that was given up back into the queue of its key; false when it waits there already.
CREATE FUNCTION parked_put_back(
    p_tenant text, p_event uuid, p_stage text, p_subscription text, p_event_key text,
    p_order_key text, p_version bigint, p_due timestamptz, p_replay integer, p_reason text,
    p_attributes jsonb, p_data bytea, p_latest boolean)
  RETURNS boolean
  LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
BEGIN
  INSERT INTO parked_key (order_key, tenant_id) VALUES (p_order_key, p_tenant)
    ON CONFLICT (order_key) DO UPDATE SET tenant_id = excluded.tenant_id;
  INSERT INTO parked (tenant_id, event_id, stage, subscription, event_key, order_key, version,
                      attempt, due_at, replay, error_class, reason, attributes, data)
  VALUES (p_tenant, p_event, p_stage, p_subscription, p_event_key, p_order_key, p_version,
          0, p_due, p_replay, 'replay', p_reason, p_attributes, p_data)
  ON CONFLICT (tenant_id, event_id, stage, subscription) DO NOTHING;
  IF NOT FOUND THEN
    -- It may wait under another key, if the order of its subscription was changed.
    DELETE FROM parked_key k
     WHERE k.order_key = p_order_key
       AND NOT EXISTS (SELECT FROM parked p WHERE p.order_key = p_order_key);
    RETURN false;
  END IF;
  IF p_latest THEN
    PERFORM parked_supersede(p_order_key);
  END IF;
  PERFORM parked_head(p_order_key);
  RETURN true;
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
      UNION ALL
      SELECT 'discarded', g.discarded_at, g.subscription, g.attempt, g.discard_reason
        FROM discarded_letter g WHERE g.tenant_id = p_tenant AND g.event_id = p_event
    ) AS h (step, at, detail, attempt, reason)
    ORDER BY h.at;
END
$$;
