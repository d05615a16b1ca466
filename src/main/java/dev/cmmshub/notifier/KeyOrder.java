package dev.cmmshub.notifier;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Runs asynchronous work one after the other per key, and all keys at once. However many wait, the
 * stack stays flat; work that throws instead of beginning is a failure like any other.
 */
final class KeyOrder {
  private record Task(Supplier<CompletionStage<Void>> work, CompletableFuture<Void> done) {}

  /** Keys that are at work, with what waits behind. */
  private final Map<String, Deque<Task>> waiting = new ConcurrentHashMap<>();

  /** Starts the work once the key's earlier work has ended, well or not. */
  CompletableFuture<Void> run(String key, Supplier<CompletionStage<Void>> work) {
    Task task = new Task(work, new CompletableFuture<>());
    Deque<Task> own = new ArrayDeque<>();
    Deque<Task> queue =
        waiting.compute(
            key,
            (k, known) -> {
              if (known != null) {
                known.add(task);
              }
              return known == null ? own : known;
            });
    if (queue == own) {
      work(key, task);
    }
    return task.done();
  }

  private void work(String key, Task first) {
    for (Task task = first; task != null; task = next(key)) {
      CompletableFuture<Void> ended = begin(task.work());
      if (!ended.isDone()) {
        Task running = task;
        ended.whenComplete(
            (result, error) -> {
              Task following = next(key);
              tell(running, error);
              work(key, following);
            });
        return;
      }
      tell(task, failureOf(ended));
    }
  }

  static CompletableFuture<Void> begin(Supplier<CompletionStage<Void>> work) {
    try {
      return work.get().toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What an ended future ended with, or null. */
  static Throwable failureOf(CompletableFuture<Void> ended) {
    return ended.handle((result, error) -> error).join();
  }

  private static void tell(Task ended, Throwable error) {
    if (error == null) {
      ended.done().complete(null);
    } else {
      ended.done().completeExceptionally(error);
    }
  }

  /** The key's next work; without one the key is quiet. */
  private Task next(String key) {
    Task[] next = new Task[1];
    waiting.computeIfPresent(
        key,
        (k, queue) -> {
          next[0] = queue.poll();
          return next[0] == null ? null : queue;
        });
    return next[0];
  }
}
