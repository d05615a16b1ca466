-- Runs of loads that come again: which times of a definition there were, and what became of each.
--
-- A time is one row, whoever sees first that it has come; one process at a time, who has the row's lease,
-- does what is to be done for it, and another goes on when the lease has ended.

CREATE TABLE batch_run (
  tenant_id    text        NOT NULL,
  definition   text        NOT NULL,
  -- The time of the schedule it is for, however late it begins.
  logical_time timestamptz NOT NULL,
  -- Its day by the clock of the definition's time zone.
  logical_day  date        NOT NULL,
  state        text        NOT NULL
    CHECK (state IN ('waiting', 'running', 'paused', 'done', 'failed', 'skipped')),
  -- What it waits for, or why it failed or was skipped, in one line.
  reason       text,
  -- An operator began it: it waits for no window and no other definition.
  by_hand      boolean     NOT NULL DEFAULT false,
  -- One more each time that an operator begins it anew; 0 when it was before the load was defined or enabled.
  attempt      integer     NOT NULL DEFAULT 1,
  system       text        NOT NULL,
  -- What is loaded, in this order.
  entities     text[]      NOT NULL,
  -- Changes from here on are read; null for everything.
  since        timestamptz,
  -- One for each entity that was begun; the last is the one that is worked on.
  jobs         uuid[]      NOT NULL DEFAULT '{}',
  -- Rows of its jobs that were not taken.
  rejected     bigint      NOT NULL DEFAULT 0,
  created_at   timestamptz NOT NULL DEFAULT now(),
  started_at   timestamptz,
  ended_at     timestamptz,
  lease_owner  uuid,
  lease_until  timestamptz,
  -- What the process that has the lease is called.
  node         text,
  PRIMARY KEY (tenant_id, definition, logical_time)
);
-- Never two of a definition at once, whoever begins them.
CREATE UNIQUE INDEX batch_run_begun ON batch_run (tenant_id, definition)
  WHERE state IN ('running', 'paused');
CREATE INDEX batch_run_open ON batch_run (tenant_id, definition)
  WHERE state IN ('waiting', 'running', 'paused');

ALTER TABLE batch_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE batch_run FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON batch_run
  USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
  WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON batch_run TO hub_service;
