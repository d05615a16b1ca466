package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;

/** The description of the HTTP API, written as YAML. */
public final class OpenApi {
  private OpenApi() {}

  /** The document as it is written, version 3.1. */
  public static JsonNode read() {
    return Resources.yaml("/openapi.yaml");
  }
}
