package dev.cmmshub.batch;

import dev.cmmshub.batch.ChunkBatch.Ready;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step that reads and translates chunks. */
public final class ChunkReader {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkReader.class);

  private final Function<String, Optional<Tenant>> tenants;
  private final ChunkTranslator translator;
  private final BulkPace pace;
  private final EventPublisher publisher;
  private final Topics topics;

  public ChunkReader(
      Function<String, Optional<Tenant>> tenants,
      ChunkTranslator translator,
      BulkPace pace,
      EventPublisher publisher,
      Topics topics) {
    this.tenants = tenants;
    this.translator = translator;
    this.pace = pace;
    this.publisher = publisher;
    this.topics = topics;
  }

  /** What is no chunk, or a tenant's that is gone, goes to the dead-letter topic as it is. */
  public ChunkBatch translate(EventBatch batch) {
    List<Ready> ready = new ArrayList<>(batch.events().size());
    List<Event> others = new ArrayList<>(0);
    for (Event record : batch.events()) {
      try {
        Tenant owner =
            tenants
                .apply(record.key().tenant())
                .orElseThrow(() -> new IllegalArgumentException("the tenant is not known"));
        String system = record.key().system();
        ready.add(
            new Ready(
                owner,
                system,
                pace.work(
                    () -> translator.translate(owner, system, ChunkRecord.read(record.data())))));
      } catch (IllegalArgumentException e) {
        LOG.warn(
            "Rows of {} are moved to {}: {}", record.key(), topics.deadLetter(), e.getMessage());
        others.add(record);
      }
    }
    CompletableFuture<Void> safe = publisher.publishAll(topics.deadLetter(), others);
    return new ChunkBatch(batch, ready, safe);
  }
}
