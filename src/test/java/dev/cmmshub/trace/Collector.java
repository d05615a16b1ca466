package dev.cmmshub.trace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A collector of traces that takes OTLP over HTTP, as protobuf, and keeps the spans in memory. */
public final class Collector implements AutoCloseable {
  /** One span as it came, ids in hexadecimal. */
  public record Seen(Span span) {
    public String name() {
      return span.getName();
    }

    public String kind() {
      return span.getKind().name().substring("SPAN_KIND_".length());
    }

    public String traceId() {
      return hex(span.getTraceId());
    }

    public String id() {
      return hex(span.getSpanId());
    }

    /** Empty of a root. */
    public String parent() {
      return hex(span.getParentSpanId());
    }

    public List<String> links() {
      return span.getLinksList().stream()
          .map(link -> hex(link.getTraceId()) + '/' + hex(link.getSpanId()))
          .toList();
    }

    public boolean failed() {
      return span.getStatus().getCodeValue() == 2;
    }

    /** All attributes as text. */
    public Map<String, String> attributes() {
      return text(span.getAttributesList());
    }

    public String attribute(String name) {
      return attributes().get(name);
    }

    /** How a call made in this span names it. */
    public String traceparent() {
      return "00-" + traceId() + '-' + id() + "-01";
    }
  }

  private final List<Seen> spans = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> resources = new CopyOnWriteArrayList<>();
  private final int port;
  private HttpServer server;
  private volatile CountDownLatch silence = new CountDownLatch(0);

  public Collector() {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpServer listen(int on) {
    try {
      HttpServer opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 128);
      opened.createContext("/v1/traces", this::take);
      opened.start();
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    try {
      silence.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream body =
        zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
      ExportTraceServiceRequest.parseFrom(body)
          .getResourceSpansList()
          .forEach(
              of -> {
                resources.add(resource(of.getResource()));
                of.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(s -> spans.add(new Seen(s))));
              });
    }
    byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    exchange.close();
  }

  private static Map<String, String> resource(Resource resource) {
    return text(resource.getAttributesList());
  }

  private static Map<String, String> text(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                one ->
                    one.getValue().hasIntValue()
                        ? Long.toString(one.getValue().getIntValue())
                        : one.getValue().getStringValue()));
  }

  private static String hex(com.google.protobuf.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Takes calls and answers none. */
  public void fallSilent() {
    silence = new CountDownLatch(1);
  }

  /** Nobody listens there any more. */
  public void leave() {
    silence.countDown();
    server.stop(0);
  }

  public void comeBack() {
    server = listen(port);
  }

  public List<Seen> spans() {
    return spans;
  }

  /** What those who sent spans say of themselves. */
  public List<Map<String, String>> resources() {
    return resources;
  }

  /** Spans of an event's way, as they began. */
  public List<Seen> of(String eventId) {
    return spans.stream()
        .filter(one -> eventId.equals(one.attribute("hub.event.id")))
        .sorted(java.util.Comparator.comparing(one -> one.span().getStartTimeUnixNano()))
        .toList();
  }

  /** Those of them that have this name. */
  public List<Seen> of(String eventId, String name) {
    return of(eventId).stream().filter(one -> one.name().equals(name)).toList();
  }

  /** The only one of this name. */
  public Seen only(String eventId, String name) {
    List<Seen> found = of(eventId, name);
    if (found.size() != 1) {
      throw new AssertionError("expected one span '" + name + "': " + of(eventId));
    }
    return found.get(0);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
