package dev.cmmshub.store.event;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The tables that events are found in, and the columns they have there. */
enum Source {
  INBOX("inbox"),
  PARKED("parked"),
  DEAD_LETTERS("dead_letter"),
  DISCARDED("discarded_letter");

  private static final String OF_INBOX =
      "tenant_id, event_id, received_at, system, entity, external_id, action, source_version,"
          + " received_by, coalesce(correlation_id, '') AS correlation_id, stale, '' AS reason";
  private static final String OF_FAILURES =
      "tenant_id, event_id, received_at, split_part(event_key, '|', 2) AS system,"
          + " split_part(event_key, '|', 3) AS entity, external_id,"
          + " split_part(attributes->>'type', '.', 4) AS action,"
          + " (attributes->>'sourceversion')::bigint AS source_version,"
          + " attributes->>'receivedby' AS received_by,"
          + " coalesce(correlation_id, '') AS correlation_id, false AS stale, %s AS reason";

  private final String table;

  Source(String table) {
    this.table = table;
  }

  String table() {
    return table;
  }

  String columns() {
    return switch (this) {
      case INBOX -> OF_INBOX;
      case DISCARDED -> OF_FAILURES.formatted("reason || ' ' || discard_reason");
      default -> OF_FAILURES.formatted("reason");
    };
  }

  /** An event is in the inbox, or failed before it came there. */
  static Set<Source> of(String status) {
    if (status == null) {
      return EnumSet.allOf(Source.class);
    }
    return switch (status) {
      case "parked" -> EnumSet.of(PARKED);
      case "dead-lettered" -> EnumSet.of(DEAD_LETTERS);
      case "discarded" -> EnumSet.of(DISCARDED);
      default -> EnumSet.of(INBOX);
    };
  }

  /** What has to be so for any index that is read in the order of time. */
  List<String> always(EventQuery query) {
    List<String> conditions = new ArrayList<>();
    if (this != INBOX && query.status() == null) {
      conditions.add("stage <> 'deliver'");
    }
    if (isStale(query)) {
      conditions.add("stale");
    }
    return conditions;
  }

  /** Whether an index of its own begins with the tenant, so that no other tenant's are read. */
  boolean ofTenant(EventQuery query) {
    return query.tenant() != null && isStale(query);
  }

  private boolean isStale(EventQuery query) {
    return this == INBOX && "superseded".equals(query.status());
  }
}
