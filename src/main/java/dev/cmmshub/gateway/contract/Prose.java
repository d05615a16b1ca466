package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Makes HTML of descriptions, which OpenAPI and AsyncAPI have in CommonMark. */
final class Prose {
  private static final Parser PARSER = Parser.builder().build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().escapeHtml(true).sanitizeUrls(true).build();

  private Prose() {}

  /** Paragraphs, or nothing where there is no text. */
  static String html(JsonNode text) {
    return RENDERER.render(PARSER.parse(text.asText()));
  }
}
