-- Bulk loads: jobs, the chunks of each that are done, and the rows that were not taken.
--
-- A chunk is done in the transaction that writes its rows, so that each row counts once however often
-- its chunk is worked on.

CREATE TABLE bulk_job (
  tenant_id      text        NOT NULL,
  job_id         uuid        NOT NULL,
  system         text        NOT NULL,
  -- ndjson, csv or xml.
  format         text        NOT NULL,
  -- What its sender calls it, such as the file's name.
  name           text        NOT NULL DEFAULT '',
  -- Such as key:acme-2026.
  created_by     text        NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  state          text        NOT NULL DEFAULT 'receiving'
    CHECK (state IN ('receiving', 'running', 'paused', 'cancelled', 'failed', 'done')),
  ended_at       timestamptz,
  -- Why it failed, in one line.
  reason         text,
  received_bytes bigint      NOT NULL DEFAULT 0,
  -- Null when the sender did not say.
  total_bytes    bigint,
  received_rows  bigint      NOT NULL DEFAULT 0,
  -- How many there are, once all of it has come.
  chunks         integer,
  PRIMARY KEY (job_id, tenant_id)
);
CREATE INDEX bulk_job_newest ON bulk_job (tenant_id, created_at DESC);

CREATE TABLE bulk_chunk (
  tenant_id text        NOT NULL,
  job_id    uuid        NOT NULL,
  number    integer     NOT NULL,
  first_row bigint      NOT NULL,
  applied   integer     NOT NULL DEFAULT 0,
  -- A newer version was there.
  stale     integer     NOT NULL DEFAULT 0,
  -- The inbox knew it.
  duplicate integer     NOT NULL DEFAULT 0,
  -- Behind an earlier event of its object that waits.
  queued    integer     NOT NULL DEFAULT 0,
  rejected  integer     NOT NULL DEFAULT 0,
  done_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (job_id, number, tenant_id)
);

CREATE TABLE bulk_reject (
  tenant_id  text    NOT NULL,
  job_id     uuid    NOT NULL,
  row_number bigint  NOT NULL,
  line       bigint  NOT NULL,
  -- Of CSV the field, else the character of the line; 0 when unknown.
  place      integer NOT NULL,
  code       text    NOT NULL,
  reason     text    NOT NULL,
  -- As it stands in the file, to be mended and loaded again.
  row_text   text    NOT NULL,
  PRIMARY KEY (job_id, row_number, tenant_id)
);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['bulk_job', 'bulk_chunk', 'bulk_reject'] LOOP
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
