-- Bulk loads: jobs, the chunks of each that are done, and the rows that were not taken.
--
-- A chunk is done in the transaction that writes its rows, so that each row counts once however often
-- its chunk is worked on.

CREATE TABLE bulk_job (
  tenant_id       text        NOT NULL,
  job_id          uuid        NOT NULL,
  kind            text        NOT NULL CHECK (kind IN ('upload', 'backfill', 'retry')),
  system          text        NOT NULL,
  -- What each row has to be about; null: whatever the connector recognises.
  entity          text,
  -- ndjson, csv, xml, or page for what a system answered.
  format          text        NOT NULL,
  -- What its sender calls it, such as the file's name.
  name            text        NOT NULL DEFAULT '',
  -- Such as key:acme-2026.
  created_by      text        NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- The job whose rejected rows these are.
  parent          uuid,
  -- Of a backfill: what was changed between.
  since           timestamptz,
  until           timestamptz,
  state           text        NOT NULL DEFAULT 'receiving'
    CHECK (state IN ('receiving', 'running', 'paused', 'cancelled', 'failed', 'done')),
  ended_at        timestamptz,
  -- Why it failed, in one line.
  reason          text,
  -- What Kafka has of it. Where the next row begins: 0 when the file cannot be gone on with inside.
  received_rows   bigint      NOT NULL DEFAULT 0,
  received_bytes  bigint      NOT NULL DEFAULT 0,
  received_line   bigint      NOT NULL DEFAULT 1,
  received_chunks integer     NOT NULL DEFAULT 0,
  is_complete     boolean     NOT NULL DEFAULT false,
  -- Null when the sender did not say.
  total_bytes     bigint,
  -- What is needed to go on in the middle: names of columns, or what to ask the system for.
  place           text,
  -- Who feeds it, if the hub itself does.
  leased_by       text,
  leased_until    timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (job_id, tenant_id)
);
CREATE INDEX bulk_job_newest ON bulk_job (tenant_id, created_at DESC, job_id);
CREATE INDEX bulk_job_fed ON bulk_job (tenant_id) WHERE kind <> 'upload' AND state = 'receiving';

-- The manifest: a row is written before its chunk is sent.
CREATE TABLE bulk_chunk (
  tenant_id text        NOT NULL,
  job_id    uuid        NOT NULL,
  number    integer     NOT NULL,
  first_row bigint      NOT NULL,
  row_count integer     NOT NULL,
  applied   integer     NOT NULL DEFAULT 0,
  -- A newer version was there.
  stale     integer     NOT NULL DEFAULT 0,
  -- The inbox knew it.
  duplicate integer     NOT NULL DEFAULT 0,
  -- Behind an earlier event of its object that waits.
  queued    integer     NOT NULL DEFAULT 0,
  rejected  integer     NOT NULL DEFAULT 0,
  done_at   timestamptz,
  PRIMARY KEY (job_id, number, tenant_id)
);
CREATE INDEX bulk_chunk_waiting ON bulk_chunk (job_id, number) WHERE done_at IS NULL;

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
  -- One that was written down, and never sent.
  GRANT DELETE ON bulk_chunk TO hub_service;
END
$$;
