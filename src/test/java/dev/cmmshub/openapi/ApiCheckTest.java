package dev.cmmshub.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the check notices, of a server that answers whatever it is told to. */
class ApiCheckTest {
  private static final String JSON = "application/json";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final ApiCheck CHECK = new ApiCheck();
  private static HttpServer server;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext("/", ApiCheckTest::answer);
    server.start();
  }

  @AfterAll
  static void end() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String header = exchange.getRequestHeaders().getFirst("X-Answer-Header");
    exchange.getResponseHeaders().add(header.split("=")[0], header.split("=")[1]);
    exchange
        .getResponseHeaders()
        .add("Content-Type", exchange.getRequestHeaders().getFirst("X-Answer-Type"));
    byte[] body = exchange.getRequestHeaders().getFirst("X-Answer-Body").getBytes(UTF_8);
    exchange.sendResponseHeaders(
        Integer.parseInt(exchange.getRequestHeaders().getFirst("X-Answer-Status")), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String mistakes(
      String target, String key, String sent, int status, String header, String type, String body)
      throws IOException, InterruptedException {
    String[] words = target.split(" ");
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + words[1]))
            .method(
                words[0], sent.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(sent))
            .header("Content-Type", words[1].contains("v2") ? "application/cloudevents+json" : JSON)
            .header(key, "any")
            .header("X-Answer-Status", Integer.toString(status))
            .header("X-Answer-Header", header)
            .header("X-Answer-Type", type)
            .header("X-Answer-Body", body)
            .build();
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    try {
      CHECK.check(false, request, answer);
      return "nothing";
    } catch (AssertionError e) {
      return e.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /v1/part?limit=5 | X-API-Key | '' | 200 | RateLimit=a | application/json | {\"items\":[],\"next\":null} | nothing",
        "GET /v1/part?limit=0 | X-API-Key | '' | 200 | RateLimit=a | application/json | {\"items\":[],\"next\":null} | request's limit",
        "GET /v1/part?limt=5 | X-API-Key | '' | 200 | RateLimit=a | application/json | {\"items\":[],\"next\":null} | no parameter 'limt'",
        "GET /v1/part | X-Other | '' | 200 | RateLimit=a | application/json | {\"items\":[],\"next\":null} | taken without a key",
        "GET /v1/pump | X-API-Key | '' | 200 | RateLimit=a | application/json | {\"items\":[],\"next\":null} | request's entity",
        "GET /v1/part | X-API-Key | '' | 206 | RateLimit=a | application/json | {\"items\":[],\"next\":null} | status 206 is not described",
        "GET /v1/part | X-API-Key | '' | 200 | X-New=a | application/json | {\"items\":[],\"next\":null} | header x-new is not described",
        "GET /v1/part | X-API-Key | '' | 200 | RateLimit=a | application/json | {\"items\":[]} | required property 'next'",
        "GET /v1/part | X-API-Key | '' | 200 | RateLimit=a | text/plain | {\"items\":[],\"next\":null} | not described as text/plain",
        "GET /v1/part | X-API-Key | '' | 400 | RateLimit=a | application/problem+json | {\"code\":\"limit\"} | required property 'detail'",
        "GET /v1/part | X-API-Key | '' | 200 | Deprecation=soon | application/json | {\"items\":[],\"next\":null} | header Deprecation",
        "GET /nowhere | X-API-Key | '' | 200 | Date2=a | application/json | {} | expected one of",
        "POST /v1/events/odoo | X-API-Key | {} | 202 | Location=/x | application/json | {\"id\":\"1200d27d-191a-5d3b-b773-93508d6ee685\",\"status\":\"accepted\"} | nothing",
        "POST /v1/events/odoo | X-API-Key | {} | 202 | Location=/x | application/json | {\"id\":\"1\",\"status\":\"accepted\"} | body: ",
        "POST /v1/events/odoo | X-API-Key | '' | 202 | Location=/x | application/json | {\"id\":\"1200d27d-191a-5d3b-b773-93508d6ee685\",\"status\":\"accepted\"} | without a body",
        "POST /v2/events/odoo | X-API-Key | {} | 202 | Location=/x | application/json | {\"id\":\"1200d27d-191a-5d3b-b773-93508d6ee685\",\"status\":\"accepted\"} | request's body",
        "PATCH /v1/events/odoo | X-API-Key | {} | 405 | RateLimit=a | application/problem+json | {} | 405 without Allow",
      })
  void whatIsNotDescribedIsNamed(
      String target,
      String key,
      String sent,
      int status,
      String header,
      String type,
      String body,
      String expected)
      throws IOException, InterruptedException {
    assertThat(mistakes(target, key, sent, status, header, type, body))
        .contains(expected.replace("$", ""));
  }
}
