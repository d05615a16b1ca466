package dev.cmmshub.bench;

import java.lang.management.ManagementFactory;

/**
 * What a stretch of work costs the threads of this process, load generator and broker included but
 * not the compiler and the garbage collector: processor time and allocated bytes. Other programs on
 * the machine change it little, unlike the speed.
 */
final class Cost {
  /** For one operation. */
  record PerOperation(double perSecond, double micros, double bytes) {}

  private final long begin = System.nanoTime();
  private final long nanos = processorNanos();
  private final long bytes = allocatedBytes();

  /** What was used since this was made. */
  PerOperation per(int operations) {
    return new PerOperation(
        operations / ((System.nanoTime() - begin) / 1e9),
        (processorNanos() - nanos) / 1e3 / operations,
        (allocatedBytes() - bytes) / (double) operations);
  }

  /** Like the bytes, by the threads that live now: those that ended meanwhile are missed. */
  private static long processorNanos() {
    var threads = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
    long sum = 0;
    for (long nanos : threads.getThreadCpuTime(threads.getAllThreadIds())) {
      sum += Math.max(0, nanos);
    }
    return sum;
  }

  private static long allocatedBytes() {
    var threads = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
    long sum = 0;
    for (long allocated : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, allocated);
    }
    return sum;
  }
}
