package dev.cmmshub.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What receivers took, counted by {@code tenant/event id} and written to a file, so that the oracle
 * can read it beside them or after them.
 */
final class Receipts implements AutoCloseable {
  /**
   * One delivery that was taken.
   *
   * @param tenant whose receiver it was
   * @param owner the tenant its data names
   * @param version 0 where the receiver is not told
   */
  record Receipt(String tenant, String id, String owner, String number, long version) {
    private static Receipt parse(String line) {
      String[] parts = line.split(" ");
      return new Receipt(parts[0], parts[1], parts[2], parts[3], Long.parseLong(parts[4]));
    }

    private String line() {
      return String.join(" ", tenant, id, owner, number, Long.toString(version));
    }
  }

  private final Map<String, Integer> seen = new ConcurrentHashMap<>();
  private final Map<String, Long> newest = new ConcurrentHashMap<>();
  private final Set<String> backwards = ConcurrentHashMap.newKeySet();
  private final Set<String> foreign = ConcurrentHashMap.newKeySet();
  private final Writer file;

  private Receipts(Writer file) {
    this.file = file;
  }

  /** Keeps what comes in a new file. */
  static Receipts in(Path file) throws IOException {
    return new Receipts(Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW));
  }

  /** What a file tells that was written whole. */
  static Receipts read(Path file) throws IOException {
    Receipts receipts = new Receipts(Writer.nullWriter());
    String text = Files.readString(file);
    text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(Receipt::parse)
        .forEach(receipts::count);
    return receipts;
  }

  /** Returns whether it came for the first time. */
  synchronized boolean take(Receipt receipt) {
    try {
      file.write(receipt.line() + '\n');
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return count(receipt);
  }

  private boolean count(Receipt receipt) {
    String event = receipt.tenant() + '/' + receipt.id();
    if (!receipt.tenant().equals(receipt.owner())) {
      foreign.add(event + " is of " + receipt.owner());
    }
    // A receiver drops what it had before: only a first delivery can turn an object back.
    if (seen.merge(event, 1, Integer::sum) > 1) {
      return false;
    }
    String object = receipt.tenant() + '/' + receipt.number();
    if (newest.merge(object, receipt.version(), Math::max) != receipt.version()) {
      backwards.add(object + " went back to " + receipt.version());
    }
    return true;
  }

  /** How often each event came. */
  Map<String, Integer> seen() {
    return seen;
  }

  /** How many events came more than once. */
  long repeated() {
    return seen.values().stream().filter(times -> times > 1).count();
  }

  /** Objects whose older version first came after a newer one. */
  Set<String> backwards() {
    return backwards;
  }

  /** Deliveries of one tenant's object to another tenant. */
  Set<String> foreign() {
    return foreign;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
