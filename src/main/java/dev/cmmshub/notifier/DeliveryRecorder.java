package dev.cmmshub.notifier;

import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes deliveries in the shards, as many as have gathered in one statement: while one is written,
 * the next ones gather.
 */
public final class DeliveryRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryRecorder.class);
  private static final int MOST_AT_ONCE = 1000;

  private record Note(Delivery delivery, CompletableFuture<Void> done) {}

  private final Shards shards;
  private final DeliveryLog log;
  private final BlockingQueue<Note> notes = new LinkedBlockingQueue<>();
  private final Thread writer = new Thread(this::run, "delivery-recorder");

  public DeliveryRecorder(Shards shards, DeliveryLog log) {
    this.shards = shards;
    this.log = log;
    writer.setDaemon(true);
    writer.start();
  }

  /** Completes when the shard knows of the delivery. */
  CompletableFuture<Void> record(Delivery delivery) {
    Note note = new Note(delivery, new CompletableFuture<>());
    notes.add(note);
    return note.done();
  }

  private void run() {
    List<Note> gathered = new ArrayList<>(MOST_AT_ONCE);
    try {
      while (!Thread.currentThread().isInterrupted()) {
        gathered.add(notes.take());
        notes.drainTo(gathered, MOST_AT_ONCE - 1);
        write(gathered);
        gathered.clear();
      }
    } catch (InterruptedException e) {
      // Closing: what is not noted is delivered again after the restart, with the same id.
      LOG.debug("{} deliveries were not noted", notes.size());
    }
  }

  private void write(List<Note> gathered) {
    Map<Shard, List<Note>> byShard = new LinkedHashMap<>();
    for (Note note : gathered) {
      byShard
          .computeIfAbsent(shards.of(note.delivery().tenant()), s -> new ArrayList<>())
          .add(note);
    }
    byShard.forEach(this::write);
  }

  private void write(Shard shard, List<Note> gathered) {
    Set<String> tenants = new HashSet<>();
    List<DeliveryLog.Entry> entries = new ArrayList<>(gathered.size());
    for (Note note : gathered) {
      Delivery delivery = note.delivery();
      tenants.add(delivery.tenant().id());
      entries.add(
          new DeliveryLog.Entry(
              delivery.tenant().id(),
              delivery.event().id(),
              delivery.subscription().id(),
              delivery.attempt()));
    }
    try {
      log.add(shard, tenants, entries);
      gathered.forEach(note -> note.done().complete(null));
    } catch (SQLException | RuntimeException e) {
      LOG.error("{} deliveries could not be noted on shard {}", gathered.size(), shard.name(), e);
      gathered.forEach(note -> note.done().completeExceptionally(e));
    }
  }

  @Override
  public void close() {
    writer.interrupt();
  }
}
