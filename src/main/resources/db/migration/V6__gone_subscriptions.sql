-- Webhooks whose receiver answered 410 Gone: nothing is sent there any more. A mark holds while the
-- subscription has this address in tenants.yaml; of an address that was changed it says nothing.
CREATE TABLE gone_subscription (
  tenant_id    text        NOT NULL,
  subscription text        NOT NULL,
  address      text        NOT NULL,
  since        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, subscription)
);
ALTER TABLE gone_subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE gone_subscription FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON gone_subscription
  USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
  WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON gone_subscription TO hub_service;

-- Takes what is due for half a minute; somebody else takes it after that, unless it is renewed. What
-- waits for these subscriptions of these tenants stays where it is.
DROP FUNCTION parked_claim(integer);
CREATE FUNCTION parked_claim(p_most integer, p_tenants text[], p_subscriptions text[])
  RETURNS SETOF parked
  LANGUAGE sql
  SET plan_cache_mode = force_custom_plan SET enable_bitmapscan = off AS $$
  UPDATE parked SET claimed = true, due_at = now() + interval '30 seconds'
   WHERE (tenant_id, event_id, stage, subscription) IN (
     SELECT tenant_id, event_id, stage, subscription FROM parked
      WHERE due_at <= now()
        AND (tenant_id, subscription) NOT IN (
          SELECT g.t, g.s FROM unnest(p_tenants, p_subscriptions) AS g (t, s))
      ORDER BY due_at LIMIT p_most FOR UPDATE SKIP LOCKED)
  RETURNING *;
$$;

-- Gives a failed event its due time; false when it is not parked any more, because it passed or was
-- taken out in the meantime. Age counts from the first failure that was neither a disabled tenant nor
-- a receiver that is gone.
CREATE OR REPLACE FUNCTION parked_defer(
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
           CASE WHEN p.error_class IN ('disabled', 'gone', 'behind') THEN now() ELSE p.first_failed_at END,
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
