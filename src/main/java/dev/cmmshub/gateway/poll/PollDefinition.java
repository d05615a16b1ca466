package dev.cmmshub.gateway.poll;

import dev.cmmshub.store.Watermarks.Resource;
import dev.cmmshub.tenant.Poll;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;

/** What tenants.yaml says of one polled resource. */
public record PollDefinition(Tenant tenant, TenantSystem system, Poll poll) {
  public Resource resource() {
    return new Resource(tenant.id(), system.name(), poll.resource());
  }

  /** In logs, and of the source's instance. */
  public String name() {
    return tenant.id() + '.' + system.name() + '.' + poll.resource();
  }

  /** Of a tenant only what concerns the poll counts. */
  public boolean asksTheSame(PollDefinition other) {
    return system.equals(other.system) && poll.equals(other.poll);
  }
}
