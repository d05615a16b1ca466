package dev.cmmshub.notifier;

import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.ParkedKeys;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Waiting;
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
 * Notes in one shard what became of deliveries, as many as have gathered in one transaction: while
 * one is written, the next ones gather.
 */
final class ShardRecorder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryRecorder.class);
  private static final int MOST_AT_ONCE = 1000;

  /** What became of a delivery. */
  enum Kind {
    DELIVERED,
    FOUND,
    FAILED,
    BEHIND
  }

  private record Note(
      Kind kind, Delivery delivery, Failure failure, CompletableFuture<Boolean> done) {}

  private final Shard shard;
  private final DeliveryLog log;
  private final Runnable nowDue;
  private final BlockingQueue<Note> notes = new LinkedBlockingQueue<>();
  private final Thread writer;

  ShardRecorder(Shard shard, DeliveryLog log, Runnable nowDue) {
    this.shard = shard;
    this.log = log;
    this.nowDue = nowDue;
    this.writer = new Thread(this::run, "delivery-recorder-" + shard.name());
    writer.setDaemon(true);
    writer.start();
  }

  /** Completes with false only for what need not queue behind anything. */
  CompletableFuture<Boolean> add(Kind kind, Delivery delivery, Failure failure) {
    Note note = new Note(kind, delivery, failure, new CompletableFuture<>());
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
    Set<String> tenants = new HashSet<>();
    List<DeliveryLog.Entry> delivered = new ArrayList<>(gathered.size());
    List<ParkedKeys.Failed> failed = new ArrayList<>(0);
    Map<Waiting, Note> behind = new LinkedHashMap<>(0);
    for (Note note : gathered) {
      Delivery delivery = note.delivery();
      Waiting waiting = delivery.waiting();
      tenants.add(delivery.tenant().id());
      switch (note.kind()) {
        case DELIVERED, FOUND ->
            delivered.add(
                new DeliveryLog.Entry(
                    waiting, delivery.attempt(), delivery.parked(), note.kind() == Kind.FOUND));
        case FAILED ->
            failed.add(
                new ParkedKeys.Failed(
                    waiting,
                    new FailedEvent(delivery.event(), note.failure(), delivery.attempt())));
        case BEHIND -> behind.put(waiting, note);
      }
    }
    try {
      DeliveryLog.Written written =
          log.write(shard, tenants, new DeliveryLog.Writes(delivered, failed, behind.keySet()));
      written.free().forEach(free -> behind.get(free).done().complete(false));
      gathered.forEach(note -> note.done().complete(true));
      if (written.nowDue() > 0) {
        nowDue.run();
      }
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
