package dev.cmmshub.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends spans to a collector, by OTLP over HTTP (protobuf), on threads of its own.
 *
 * <p>Guarantee: who ends a span never waits. At most {@link #MOST_WAITING} spans wait for the
 * collector; while it is away the newest are dropped, and counted.
 */
public final class OtlpExport implements AutoCloseable {
  /** About 20 MB. */
  static final int MOST_WAITING = 16_384;

  private static final int BATCH = 2_048;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /**
   * A collector that restarts costs no spans; three tries of a silent one end before {@link #ALL}.
   */
  private static final RetryPolicy RETRY =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofSeconds(1))
          .setMaxBackoff(Duration.ofSeconds(2))
          .build();

  /** Longer than all tries, so that there is one call at a time. */
  private static final Duration ALL = Duration.ofSeconds(30);

  private static final Duration FAREWELL = Duration.ofSeconds(1);

  /** It writes to standard error what {@link CountedExport} says in the hub's own log. */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  private final CountedExport exported;
  private final SdkTracerProvider provider;

  /**
   * @param endpoint where spans are posted; nothing is sent yet
   * @param node names this process beside others
   */
  public OtlpExport(URI endpoint, String node) {
    LIBRARY.setLevel(Level.OFF);
    exported =
        new CountedExport(
            endpoint,
            OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setConnectTimeout(CONNECT)
                .setTimeout(ANSWER)
                .setRetryPolicy(RETRY)
                .build());
    provider =
        SdkTracerProvider.builder()
            // Whether an event is traced was decided when it was received.
            .setSampler(Sampler.alwaysOn())
            .setResource(
                Resource.create(
                    Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "cmms-hub",
                        AttributeKey.stringKey("service.instance.id"),
                        node)))
            .addSpanProcessor(exported.made())
            .addSpanProcessor(
                BatchSpanProcessor.builder(exported)
                    .setMaxQueueSize(MOST_WAITING)
                    .setMaxExportBatchSize(BATCH)
                    .setScheduleDelay(EVERY)
                    .setExporterTimeout(ALL)
                    .build())
            .build();
  }

  /** Records every span it is asked for. */
  public Tracer tracer() {
    return provider.get("dev.cmmshub");
  }

  /** What became of the spans. */
  public CountedExport counts() {
    return exported;
  }

  /** Sends what waits, for 1 s at most. */
  @Override
  public void close() {
    provider.shutdown().join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
  }
}
