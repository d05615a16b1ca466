-- How far each system that is polled has been read, and which node does it.
CREATE TABLE watermark (
  tenant_id     text        NOT NULL,
  system        text        NOT NULL,
  resource      text        NOT NULL,
  -- Every change up to here is in the event broker; null before the first.
  changed_until timestamptz,
  -- One process polls; another may take over when the lease has ended.
  lease_owner   uuid        NOT NULL,
  lease_until   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, system, resource)
);
ALTER TABLE watermark ENABLE ROW LEVEL SECURITY;
ALTER TABLE watermark FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_rows ON watermark
  USING (tenant_id = ANY ((SELECT hub_tenants())::text[]))
  WITH CHECK (tenant_id = ANY ((SELECT hub_tenants())::text[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON watermark TO hub_service;
