package dev.cmmshub.gateway.poll;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.gateway.EventReader;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.ParkedKeys;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.transform.UntranslatableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Keeps polled records that are no events: nobody can be answered, so they become dead letters with
 * their bytes, and the poll goes on.
 */
public final class Unrecognised {
  private static final int PATIENCE_SECONDS = 10;

  private final Function<String, Optional<Tenant>> tenants;
  private final Shards shards;
  private final EventReader reader;
  private final EventPublisher publisher;
  private final ErrorQueue errors;
  private final Topics topics;

  public Unrecognised(
      Function<String, Optional<Tenant>> tenants,
      Shards shards,
      EventReader reader,
      EventPublisher publisher,
      ErrorQueue errors,
      Topics topics) {
    this.tenants = tenants;
    this.shards = shards;
    this.reader = reader;
    this.publisher = publisher;
    this.errors = errors;
    this.topics = topics;
  }

  /** Returns when they are safe. Records that are kept already stay as they are. */
  void keep(Tenant tenant, List<FailedEvent> failures)
      throws SQLException, InterruptedException, ExecutionException, TimeoutException {
    if (failures.isEmpty()) {
      return;
    }
    List<ParkedKeys.Failed> held =
        failures.stream()
            .map(failed -> new ParkedKeys.Failed(Waiting.toBeRecognised(failed.event()), failed))
            .toList();
    shards
        .of(tenant)
        .transaction(
            List.of(tenant.id()),
            connection -> {
              ParkedKeys.hold(connection, held);
              return null;
            });
    errors.add(failures).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Looks at records again, since the mapping may know them by now: those it does go the way of
   * pushed events, the others fail as before.
   */
  public CompletableFuture<Void> runAgain(Shard shard, List<FailedEvent> due) {
    List<Event> events = new ArrayList<>();
    List<ParkedKeys.Released> passed = new ArrayList<>();
    List<FailedEvent> failed = new ArrayList<>();
    for (FailedEvent one : due) {
      try {
        events.add(read(one.event()));
        passed.add(ParkedKeys.Released.of(one));
      } catch (ProblemException e) {
        failed.add(one);
      }
    }
    return CompletableFuture.allOf(
        errors.add(failed),
        publisher.publishAll(topics.inbound(), events).thenRunAsync(() -> release(shard, passed)));
  }

  /**
   * What a record would be taken for now.
   *
   * @throws UntranslatableException when it is no event still
   */
  public JsonNode rehearse(FailedEvent waiting) {
    try {
      Event event = read(waiting.event());
      return Json.mapper()
          .createObjectNode()
          .put("type", event.type())
          .put("key", event.key().toString())
          .put("version", event.version());
    } catch (ProblemException e) {
      throw new UntranslatableException(
          new Failure(Waiting.POLL, "malformed", RecordReader.reason(e), 0, null, null));
    }
  }

  private Event read(Event unrecognised) {
    Tenant tenant =
        tenants
            .apply(unrecognised.key().tenant())
            .orElseThrow(() -> new ProblemException(404, "unknown-tenant", "it is gone"));
    return reader.read(tenant, unrecognised.key().system(), null, null, unrecognised.data());
  }

  private static void release(Shard shard, List<ParkedKeys.Released> passed) {
    if (passed.isEmpty()) {
      return;
    }
    try {
      shard.transaction(
          passed.stream().map(ParkedKeys.Released::tenant).distinct().toList(),
          connection -> ParkedKeys.release(connection, passed));
    } catch (SQLException e) {
      // Their claim ends, they are read again, and sending them again changes nothing.
      throw new IllegalStateException("shard " + shard.name() + " does not release", e);
    }
  }
}
