package dev.cmmshub.notifier;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Runs asynchronous work one after the other per key, and all keys at once. */
final class KeyOrder {
  private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

  /** Starts the work once the key's earlier work has ended, well or not. */
  CompletableFuture<Void> run(String key, Supplier<CompletionStage<Void>> work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletableFuture<Void> before = last.put(key, done);
    if (before == null || before.isDone()) {
      start(key, work, done);
    } else {
      before.whenComplete((result, error) -> start(key, work, done));
    }
    return done;
  }

  private void start(
      String key, Supplier<CompletionStage<Void>> work, CompletableFuture<Void> done) {
    work.get()
        .whenComplete(
            (result, error) -> {
              last.remove(key, done);
              if (error == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(error);
              }
            });
  }
}
