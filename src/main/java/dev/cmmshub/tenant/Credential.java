package dev.cmmshub.tenant;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What speaks for a tenant. Its id is unique within the tenant. */
public sealed interface Credential permits ApiKey, TokenIssuer {
  /** Names it in logs, metrics and answers. */
  String id();

  /** Any of {@link ApiKey#RIGHTS}. */
  Set<String> can();

  /** From then on it is worth nothing; empty: until it is removed. */
  Optional<Instant> expires();

  /** What it may use of what its tenant may; empty: all of it. */
  Optional<Limits> limits();
}
