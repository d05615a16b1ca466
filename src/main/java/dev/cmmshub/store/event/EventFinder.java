package dev.cmmshub.store.event;

import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Finds events on all shards, the newest first, page by page. */
public final class EventFinder {
  /** Rows of a table that are looked at together, when no index answers the question. */
  private static final int EXAMINED = 2_000;

  /** The same where each row is asked for in other tables too. */
  private static final int EXAMINED_WITH_STATUS = 500;

  /** Of those, one in so many at first: what is not in memory takes long, and may be enough. */
  private static final int FIRST_SHARE = 8;

  /** What begins with a text, all of it, since it has to be sorted. */
  private static final int BEGIN_SO = 5_000;

  private static final int FEW_TENANTS = 200;

  /** After that no further rows are looked at. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(80);

  private final Owners owners;

  public EventFinder(Supplier<Tenants> tenants, Shards shards) {
    this.owners = new Owners(tenants, shards);
  }

  /**
   * A page.
   *
   * @param next where the next one begins, or null when there is none; there may be one behind a
   *     page that is not full, or empty, since a question looks further back for 80 ms at most
   * @param unavailable shards that did not answer: their events are missing
   */
  public record Page(List<FoundEvent> events, EventCursor next, List<String> unavailable) {}

  /**
   * Finds what the query means.
   *
   * @throws TooManyException when it says too little
   */
  public Page find(EventQuery query) {
    long begin = System.nanoTime();
    int share = FIRST_SHARE;
    Page page = once(query, share);
    List<FoundEvent> events = new ArrayList<>(page.events());
    Set<String> unavailable = new TreeSet<>(page.unavailable());
    while (events.size() < query.most()
        && page.next() != null
        && System.nanoTime() - begin < PATIENCE_NANOS) {
      share = Math.max(1, share / 2);
      page = once(query.after(page.next(), query.most() - events.size()), share);
      events.addAll(page.events());
      unavailable.addAll(page.unavailable());
    }
    return new Page(events, page.next(), List.copyOf(unavailable));
  }

  private Page once(EventQuery query, int share) {
    Owners.Answers<List<EventSelect.Part>> answers =
        owners.ask(
            query.tenant(),
            (connection, shard, all) -> parts(connection, shard, all, query, share));
    List<EventSelect.Part> parts = answers.given().stream().flatMap(List::stream).toList();
    EventCursor floor =
        parts.stream()
            .map(EventSelect.Part::reached)
            .filter(Objects::nonNull)
            .min(EventCursor.NEWEST_FIRST)
            .orElse(null);
    List<FoundEvent> seen = new ArrayList<>(merged(parts));
    if (floor != null) {
      seen.removeIf(event -> EventCursor.NEWEST_FIRST.compare(event.place(), floor) > 0);
    }
    List<FoundEvent> page = List.copyOf(seen.subList(0, Math.min(query.most(), seen.size())));
    return new Page(page, next(page, seen, floor), answers.unavailable());
  }

  private static EventCursor next(List<FoundEvent> page, List<FoundEvent> seen, EventCursor floor) {
    return page.size() < seen.size() ? page.get(page.size() - 1).place() : floor;
  }

  private static List<EventSelect.Part> parts(
      Connection connection, String shard, int tenants, EventQuery query, int share)
      throws SQLException {
    List<EventSelect.Part> parts = new ArrayList<>();
    for (Source source : Source.of(query.status())) {
      for (String entity : EventSelect.entities(source, query)) {
        parts.add(
            new EventSelect(source, query, entity, examined(query, tenants, share))
                .run(connection, shard));
      }
    }
    return parts;
  }

  /** Row level security compares each row with all tenants of the shard. */
  private static int examined(EventQuery query, int tenants, int share) {
    if (query.isPrefix()) {
      return BEGIN_SO;
    }
    boolean withStatus = query.status() != null && Source.of(query.status()).contains(Source.INBOX);
    int most = withStatus ? EXAMINED_WITH_STATUS : EXAMINED;
    return Math.max(query.most() + 1, most / share / Math.max(1, tenants / FEW_TENANTS));
  }

  /** An event that was discarded and came again is there once. */
  private static Collection<FoundEvent> merged(List<EventSelect.Part> parts) {
    Map<String, FoundEvent> byId = new LinkedHashMap<>();
    parts.stream()
        .flatMap(part -> part.events().stream())
        .sorted(Comparator.comparing(FoundEvent::place, EventCursor.NEWEST_FIRST))
        .forEach(event -> byId.putIfAbsent(event.tenant() + '/' + event.id(), event));
    return byId.values();
  }
}
