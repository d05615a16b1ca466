package dev.cmmshub.broker;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What of one partition was read, and what of that is done. Not safe for several threads. */
final class PartitionProgress {
  /** Bits of what is done are thrown away when there are so many. */
  private static final int MOST_DONE = 4096;

  private record Batch(long[] offsets, CompletableFuture<Void> done) {
    boolean isDone() {
      return done.isDone() && !done.isCompletedExceptionally();
    }

    boolean hasFailedAt(long offset) {
      return done.isCompletedExceptionally() && LongStream.of(offsets).anyMatch(o -> o == offset);
    }
  }

  private final List<Batch> batches = new ArrayList<>();
  private BitSet done = new BitSet();
  // The offset of the first bit, of the first record that is not done, and after the last one read.
  private long base = -1;
  private long position;
  private long end;

  /** The next record; what lies between it and the one before it does not exist. */
  void read(long offset) {
    if (base < 0) {
      base = offset;
      position = offset;
    } else {
      done.set((int) (end - base), (int) (offset - base));
    }
    end = offset + 1;
  }

  void begin(long[] offsets, CompletableFuture<Void> ended) {
    batches.add(new Batch(offsets, ended));
  }

  /** Returns whether {@link #position} is another one now. */
  boolean advance() {
    long before = position;
    for (Iterator<Batch> each = batches.iterator(); each.hasNext(); ) {
      Batch batch = each.next();
      if (batch.isDone()) {
        note(batch);
        each.remove();
      }
    }
    if (base >= 0) {
      position = Math.min(end, base + done.nextClearBit((int) (position - base)));
      forgetDone();
    }
    return position != before;
  }

  /** What was read before the partition came back to this consumer may lie before its base. */
  private void note(Batch ended) {
    for (long offset : ended.offsets()) {
      if (offset >= base) {
        done.set((int) (offset - base));
      }
    }
  }

  private void forgetDone() {
    int many = (int) (position - base);
    if (many > MOST_DONE) {
      done = done.get(many, Math.max(many, done.length()));
      base = position;
    }
  }

  /** The first record that is not done: everything before it is. */
  long position() {
    return position;
  }

  /** Whether nothing goes on here, since the batch of the first record failed. */
  boolean hasFailed() {
    return batches.stream().anyMatch(batch -> batch.hasFailedAt(position));
  }

  Stream<CompletableFuture<Void>> unfinished() {
    return batches.stream().map(Batch::done);
  }
}
