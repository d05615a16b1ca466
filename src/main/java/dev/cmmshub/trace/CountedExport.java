package dev.cmmshub.trace;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what an exporter is given and what it brought away, and says once that the collector is
 * away and once that it is back.
 */
public final class CountedExport implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(CountedExport.class);

  private final URI endpoint;
  private final SpanExporter exporter;
  private final LongAdder made = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicBoolean away = new AtomicBoolean();

  CountedExport(URI endpoint, SpanExporter exporter) {
    this.endpoint = endpoint;
    this.exporter = exporter;
  }

  /** Spans that have ended; those that were neither sent nor failed wait or were dropped. */
  public long ended() {
    return made.sum();
  }

  /** Spans the collector has. */
  public long sent() {
    return sent.sum();
  }

  /** Spans it did not take. */
  public long failed() {
    return failed.sum();
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    int size = spans.size();
    return result.whenComplete(() -> note(result.isSuccess(), size));
  }

  private void note(boolean success, int size) {
    (success ? sent : failed).add(size);
    if (away.compareAndSet(success, !success)) {
      if (success) {
        LOG.info("The trace collector {} takes spans again", endpoint);
      } else {
        LOG.warn(
            "The trace collector {} does not take spans: they are dropped until it does; events"
                + " are not held up",
            endpoint);
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  /** Counts each span as it ends. */
  SpanProcessor made() {
    return new SpanProcessor() {
      @Override
      public void onStart(Context parent, ReadWriteSpan span) {}

      @Override
      public boolean isStartRequired() {
        return false;
      }

      @Override
      public void onEnd(ReadableSpan span) {
        made.increment();
      }

      @Override
      public boolean isEndRequired() {
        return true;
      }
    };
  }
}
