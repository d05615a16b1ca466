package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.samskivert.mustache.Mustache;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * One HTML page of both documents. It holds everything it needs and no script, so its policy lets a
 * browser load and run nothing at all.
 */
public final class ReferencePage {
  private final Supplier<JsonNode> openApi;
  private final Supplier<JsonNode> asyncApi;
  private final Supplier<JsonNode> versions;
  private final String style = Resources.text("/contract/page.css");
  private final String policy =
      "default-src 'none'; style-src '"
          + fingerprint(style)
          + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  // What the page was made for the last time, and what came of it.
  private JsonNode shown;
  private String html;

  /**
   * @param versions the table that {@code /versions} answers
   */
  public ReferencePage(
      Supplier<JsonNode> openApi, Supplier<JsonNode> asyncApi, Supplier<JsonNode> versions) {
    this.openApi = openApi;
    this.asyncApi = asyncApi;
    this.versions = versions;
  }

  /** The page; made anew when another version table is to be shown. */
  synchronized String html() {
    JsonNode now = versions.get();
    if (!now.equals(shown)) {
      html = render(now);
      shown = now;
    }
    return html;
  }

  /** The value of {@code Content-Security-Policy} that the page works under. */
  String policy() {
    return policy;
  }

  private String render(JsonNode table) {
    return Mustache.compiler()
        .emptyStringIsFalse(true)
        .withLoader(name -> new StringReader(part(name)))
        .compile(part("page"))
        .execute(new PageView(style, openApi.get(), asyncApi.get(), table).values());
  }

  private static String part(String name) {
    return Resources.text("/contract/" + name + ".mustache");
  }

  private static String fingerprint(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
