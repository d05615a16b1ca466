package dev.cmmshub.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Every 202 a client got, on disk before the client goes on. */
final class Ledger implements AutoCloseable {
  /** One accepted event; a client that sent it twice has it twice. */
  record Entry(String id, String tenant, String number, long version) {
    private static Entry parse(String line) {
      String[] parts = line.split(" ");
      return new Entry(parts[0], parts[1], parts[2], Long.parseLong(parts[3]));
    }

    /** {@code tenant/event id}, as everything here names an event. */
    String event() {
      return tenant + '/' + id;
    }

    /** {@code tenant/number}: the business object. */
    String object() {
      return tenant + '/' + number;
    }
  }

  private final Path file;
  private final FileChannel channel;

  Ledger(Path file) throws IOException {
    this.file = file;
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Returns when the entry would survive a power cut. */
  synchronized void accepted(Entry entry) {
    String line =
        "%s %s %s %d%n".formatted(entry.id(), entry.tenant(), entry.number(), entry.version());
    try {
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every entry so far. */
  List<Entry> entries() throws IOException {
    return read(file);
  }

  /** The entries that were written whole. */
  static List<Entry> read(Path file) throws IOException {
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Entry::parse).toList();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
