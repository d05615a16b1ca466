package dev.cmmshub.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Every 202 a client got, on disk before the client goes on. */
final class Ledger implements AutoCloseable {
  /** One accepted event; the key is {@code tenant|number}. */
  record Entry(String id, String tenant, String number, long version) {
    static Entry parse(String line) {
      String[] parts = line.split(" ");
      return new Entry(parts[0], parts[1], parts[2], Long.parseLong(parts[3]));
    }
  }

  private final Path file;
  private final FileChannel channel;

  Ledger(Path file) {
    this.file = file;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void accepted(Entry entry) {
    String line =
        entry.id() + " " + entry.tenant() + " " + entry.number() + " " + entry.version() + "\n";
    try {
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Entry> entries() {
    try {
      List<Entry> entries = new ArrayList<>();
      Files.readAllLines(file).forEach(line -> entries.add(Entry.parse(line)));
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
