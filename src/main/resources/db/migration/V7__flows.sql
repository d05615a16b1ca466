-- When something of each flow last succeeded, and how much did in each hour of the last five weeks,
-- so that silence can be told from quiet hours.
CREATE TABLE flow (
  tenant_id text        NOT NULL,
  stage     text        NOT NULL CHECK (stage IN ('applied', 'delivered')),
  -- The system the events come from, or the subscription that is told of them.
  party     text        NOT NULL,
  entity    text        NOT NULL,
  first_at  timestamptz NOT NULL,
  last_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, stage, party, entity)
);
CREATE TABLE flow_hour (
  tenant_id text        NOT NULL,
  stage     text        NOT NULL,
  party     text        NOT NULL,
  entity    text        NOT NULL,
  hour      timestamptz NOT NULL,
  events    bigint      NOT NULL,
  -- In how many minutes there was something: a burst is not ten times the traffic.
  minutes   integer     NOT NULL,
  PRIMARY KEY (tenant_id, stage, party, entity, hour)
);
CREATE INDEX flow_hour_age ON flow_hour (hour);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['flow', 'flow_hour'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant_rows ON %I
         USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
         WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]))', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO hub_service', name);
  END LOOP;
END
$$;

-- How many minutes with traffic each silent flow has missed since its last success, by what was there
-- at the same hours of the week before: the least of two to four weeks, so that a holiday among them
-- expects nothing. Of the last seven days only; a flow that is silent for longer is not missed any more.
CREATE FUNCTION flow_missed(p_now timestamptz)
  RETURNS TABLE (tenant_id text, stage text, party text, entity text, last_at timestamptz, missed double precision)
  LANGUAGE sql STABLE
  SET plan_cache_mode = force_custom_plan AS $$
  SELECT f.tenant_id, f.stage, f.party, f.entity, f.last_at, m.missed
    FROM flow f
   CROSS JOIN LATERAL (
     SELECT least(4, floor(extract(epoch FROM f.last_at - f.first_at) / 604800))::integer AS weeks) w
   CROSS JOIN LATERAL (
     SELECT coalesce(sum(
              u.usual * extract(epoch FROM least(p_now, h + interval '1 hour') - greatest(f.last_at, h)) / 3600), 0)
            AS missed
       FROM generate_series(date_trunc('hour', f.last_at), p_now, interval '1 hour') AS h
      CROSS JOIN LATERAL (
        SELECT CASE WHEN count(*) = w.weeks THEN least(60, min(b.minutes)) ELSE 0 END AS usual
          FROM flow_hour b
         WHERE b.tenant_id = f.tenant_id AND b.stage = f.stage AND b.party = f.party AND b.entity = f.entity
           AND b.hour = ANY (ARRAY(SELECT h - n * interval '7 days' FROM generate_series(1, w.weeks) AS n))) u) m
   WHERE f.last_at < p_now - interval '10 minutes'
     AND f.last_at > p_now - interval '7 days'
     AND w.weeks >= 2
$$;
GRANT EXECUTE ON FUNCTION flow_missed(timestamptz) TO hub_service;
