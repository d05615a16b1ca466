package dev.cmmshub.notifier;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.message.Failure;
import dev.cmmshub.trace.CurrentTrace;
import dev.cmmshub.trace.Traces;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Brings deliveries to systems through the route {@code deliver-to-system}, which maps and calls
 * the sink Kamelet. Kamelets block, so each delivery in flight has a thread; {@link Target} bounds
 * them per system.
 */
public final class SystemSender implements Sender, AutoCloseable {
  /** The variable a delivery travels in. */
  public static final String DELIVERY = "delivery";

  private static final String ROUTE = "direct:deliver-to-system";
  private static final int THREADS = 128;

  private final ProducerTemplate template;
  private final SystemFailures failures;
  private final Traces traces;
  private final ExecutorService threads;

  public SystemSender(ProducerTemplate template, SystemFailures failures, Traces traces) {
    this.traces = traces;
    this.template = template;
    this.failures = failures;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Daemons.named("system-sender"));
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  @Override
  public CompletionStage<Void> send(Delivery delivery) {
    return CompletableFuture.runAsync(() -> sendTraced(delivery), threads);
  }

  private void sendTraced(Delivery delivery) {
    try (CurrentTrace.Scope scope = traces.current(delivery.event())) {
      sendNow(delivery);
    }
  }

  private void sendNow(Delivery delivery) {
    Exchange answer = template.send(ROUTE, exchange -> exchange.setVariable(DELIVERY, delivery));
    if (answer.getVariable(SystemFailures.FAILURE) instanceof Failure failure) {
      throw new DeliveryException(failure);
    }
    if (answer.getException() != null) {
      throw new DeliveryException(failures.of(delivery, answer.getException()));
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
