package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;

/** Follows the references inside one document. */
record References(JsonNode document) {
  private static final String MEMBER = "$ref";

  /** The node itself, or what it refers to in the end. */
  JsonNode resolve(JsonNode node) {
    JsonNode found = node;
    while (found.hasNonNull(MEMBER)) {
      String reference = found.get(MEMBER).asText();
      found = document.at(reference.substring(1));
      if (found.isMissingNode()) {
        throw new IllegalStateException("a contract refers to what is not there: " + reference);
      }
    }
    return found;
  }

  /** The last word of the first reference, or nothing. */
  static String name(JsonNode node) {
    String reference = node.path(MEMBER).asText();
    return reference.substring(reference.lastIndexOf('/') + 1);
  }
}
