package dev.cmmshub.gateway;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the HTTP API, written as YAML and served as JSON. */
public final class OpenApi {
  private OpenApi() {}

  /** The document as UTF-8 JSON. */
  public static byte[] json() {
    try (InputStream yaml = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
      return Json.write(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.yaml cannot be read", e);
    }
  }
}
