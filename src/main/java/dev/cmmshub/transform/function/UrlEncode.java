package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * {@code url_encode}: the text as a value in an address, everything but letters, digits and {@code
 * - . _ ~} percent-encoded as UTF-8 (RFC 3986).
 */
public final class UrlEncode extends NamedFunction {
  public UrlEncode() {
    super(
        "url_encode(s: text) -> text",
        "The text as a value in an address, percent-encoded by RFC 3986.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    // What Java calls URL encoding is that of forms.
    return text(
        URLEncoder.encode(arguments.text(0), StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("*", "%2A")
            .replace("%7E", "~"));
  }
}
