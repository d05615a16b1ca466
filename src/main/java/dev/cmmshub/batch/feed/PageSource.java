package dev.cmmshub.batch.feed;

import dev.cmmshub.batch.ChunkSource;
import dev.cmmshub.batch.rows.Row;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkOrder;
import dev.cmmshub.store.bulk.BulkReceived;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** What a system answers, page by page; a chunk is a page. */
final class PageSource implements ChunkSource {
  private final SystemPages pages;
  private final Tenant tenant;
  private final TenantSystem system;
  private final BulkOrder order;
  private final UUID job;
  private BulkReceived received;
  private Map<String, String> ask;

  /**
   * @param number of the next chunk
   */
  PageSource(SystemPages pages, Tenant tenant, TenantSystem system, BulkJob job, int number) {
    this.pages = pages;
    this.tenant = tenant;
    this.system = system;
    this.order = job.order();
    this.job = job.id();
    BulkReceived before = job.received();
    this.received =
        new BulkReceived(before.rows(), before.bytes(), before.line(), number, before.place());
    this.ask = before.place() == null ? first(order.since()) : read(before.place());
  }

  private static Map<String, String> first(Instant since) {
    Instant from = since == null ? Instant.EPOCH : since;
    return Map.of("since", from.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static Map<String, String> read(String place) {
    Map<String, String> ask = new TreeMap<>();
    Json.read(place.getBytes(StandardCharsets.UTF_8))
        .properties()
        .forEach(entry -> ask.put(entry.getKey(), entry.getValue().asText()));
    return ask;
  }

  @Override
  public List<Row> next() throws IOException {
    List<Row> rows = new ArrayList<>();
    while (rows.isEmpty() && !ask.isEmpty()) {
      SystemPages.Page page = pages.ask(tenant, system, order.entity(), job, ask);
      long number = received.rows();
      for (var record : page.records()) {
        number++;
        rows.add(Row.read(number, number, record));
      }
      ask = isBehind(page) ? Map.of() : page.next();
    }
    received =
        new BulkReceived(received.rows() + rows.size(), 0, 0, received.chunks() + 1, text(ask));
    return rows;
  }

  /** The last page may hold what changed later too, which does no harm. */
  private boolean isBehind(SystemPages.Page page) {
    return order.until() != null
        && page.changedUntil() != null
        && page.changedUntil().isAfter(order.until());
  }

  private static String text(Map<String, String> ask) {
    return new String(Json.write(Json.mapper().valueToTree(ask)), StandardCharsets.UTF_8);
  }

  @Override
  public BulkReceived received() {
    return received;
  }

  @Override
  public void close() {
    // Nothing is held between pages.
  }
}
