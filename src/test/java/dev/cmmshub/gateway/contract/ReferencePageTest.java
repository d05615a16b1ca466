package dev.cmmshub.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that people read the contracts on. */
class ReferencePageTest {
  private static final JsonNode OPEN_API = OpenApi.read();
  private static final JsonNode ASYNC_API = AsyncApi.read(new Topics("hub"));
  private static final JsonNode VERSIONS =
      Json.read(
          """
          {"versions": [
            {"name": "v1", "status": "deprecated", "deprecation": "2027-01-31T00:00:00Z",
             "sunset": "2027-07-31T00:00:00Z", "successor": "v2",
             "link": "https://docs.example.com/moving?to=v2&from=v1"},
            {"name": "v2", "status": "current"}]}
          """
              .getBytes(StandardCharsets.UTF_8));
  private static final ReferencePage PAGE =
      new ReferencePage(() -> OPEN_API, () -> ASYNC_API, () -> VERSIONS);

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
  }

  @Test
  void everythingThatIsDescribedIsOnIt() {
    String html = PAGE.html();
    List<String> operations = OPEN_API.get("paths").findValuesAsText("operationId");
    assertThat(operations).hasSizeGreaterThan(20);
    assertThat(found("id=\"operation-([^\"]+)\"", html))
        .containsExactlyInAnyOrderElementsOf(operations);
    assertThat(found("id=\"channel-([^\"]+)\"", html))
        .containsExactlyElementsOf(() -> ASYNC_API.get("channels").fieldNames());
    assertThat(found("id=\"shape-([^\"]+)\"", html))
        .contains("asset", "part", "purchasedocument", "workorder", "Problem", "Page")
        .doesNotHaveDuplicates();
    assertThat(html).contains("ce_partitionkey", "webhook-signature", "hub_error_class");
    assertThat(html).contains("<td>2027-07-31T00:00:00Z", "deprecated</span>", "?wsdl");
  }

  @Test
  void everyLinkLeadsSomewhereOnThePageOrTheHub() {
    String html = PAGE.html();
    List<String> places = found("id=\"([^\"]+)\"", html);
    assertThat(places).doesNotHaveDuplicates();
    List<String> links = found("href=\"([^\"]*)\"", html);
    assertThat(links).hasSizeGreaterThan(60);
    for (String link : links) {
      if (link.startsWith("#")) {
        assertThat(places).contains(link.substring(1));
      } else {
        assertThat(link)
            .isIn(
                "/openapi.json",
                "/asyncapi.json",
                "/versions",
                "/v1/soap/erp?wsdl",
                "https://docs.example.com/moving?to&#x3D;v2&amp;from&#x3D;v1",
                "https://www.standardwebhooks.com");
      }
    }
  }

  @Test
  void itAsksABrowserForNothingAndItsPolicyAllowsNothingButItsStyle() throws Exception {
    String html = PAGE.html();
    assertThat(html)
        .doesNotContainPattern("<(script|img|link|iframe|form|object|embed|base)[ >]")
        .doesNotContainPattern("[ \"](style|src|on[a-z]+)=\"")
        .doesNotContain("@import", "url(");
    Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(html);
    assertThat(style.find()).isTrue();
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(style.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(PAGE.policy())
        .isEqualTo(
            "default-src 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(hash)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    System.out.println("/docs: " + html.getBytes(StandardCharsets.UTF_8).length + " bytes");
  }

  @Test
  void textOfADocumentIsTextOnThePage() {
    ObjectNode document = OPEN_API.deepCopy();
    ObjectNode operation = (ObjectNode) document.at("/paths/~1v1~1events~1{system}/post");
    operation.put("summary", "<script>one()</script>");
    operation.put("description", "<img src=x onerror=two()> [three](javascript:three())");
    String html = new ReferencePage(() -> document, () -> ASYNC_API, () -> VERSIONS).html();
    assertThat(html)
        .contains("&lt;script&gt;one()", "&lt;img src=x onerror=two()")
        .doesNotContain("<script", "<img", "javascript:");
  }

  @Test
  void anotherVersionTableMakesAnotherPage() {
    JsonNode[] table = {VERSIONS};
    ReferencePage page = new ReferencePage(() -> OPEN_API, () -> ASYNC_API, () -> table[0]);
    String first = page.html();
    assertThat(page.html()).isSameAs(first);
    table[0] = Json.mapper().createObjectNode();
    assertThat(page.html()).doesNotContain("<td>2027-07-31", "id=\"versions\"");
  }

  /**
   * In YAML's short form a comma ends a text, and what follows becomes a member without a value.
   */
  @Test
  void noTextIsCutAtAComma() {
    assertThat(empty("", OPEN_API)).allMatch(place -> place.contains("/example"));
    assertThat(empty("", ASYNC_API)).containsExactly("/channels/webhook/address");
  }

  private static List<String> empty(String place, JsonNode node) {
    List<String> found = new ArrayList<>();
    if (node.isNull()) {
      found.add(place);
    }
    node.properties()
        .forEach(one -> found.addAll(empty(place + '/' + one.getKey(), one.getValue())));
    if (node.isArray()) {
      node.forEach(item -> found.addAll(empty(place, item)));
    }
    return found;
  }
}
