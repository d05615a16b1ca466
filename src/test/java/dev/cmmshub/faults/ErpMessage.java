package dev.cmmshub.faults;

/** What a tenant's system sends. */
interface ErpMessage {
  String tenant();

  /** Of the business object. */
  String number();

  /** Of the business object's state. */
  long version();

  /** The name of the system in tenants.yaml. */
  String system();

  byte[] body();

  /** What the ledger keeps of it. */
  default Ledger.Entry accepted(String id) {
    return new Ledger.Entry(id, tenant(), number(), version());
  }
}
