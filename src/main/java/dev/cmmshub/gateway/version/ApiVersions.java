package dev.cmmshub.gateway.version;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** All versions of the HTTP API there are, with what the operator says of each. */
public final class ApiVersions {
  /** The oldest first; also those that {@code tenants.yaml} may name. */
  static final List<String> NAMES = List.of("v1", "v2");

  private final List<ApiVersion> all;

  private ApiVersions(List<ApiVersion> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Reads {@code hub.api.<version>.deprecation}, {@code .sunset}, {@code .link} and {@code
   * .enforce}.
   *
   * @throws IllegalArgumentException that names the setting and says what was expected
   */
  public static ApiVersions of(Properties settings) {
    List<ApiVersion> all = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      Optional<String> successor =
          i + 1 < NAMES.size() ? Optional.of(NAMES.get(i + 1)) : Optional.empty();
      all.add(read(settings, NAMES.get(i), successor));
    }
    return new ApiVersions(all);
  }

  private static ApiVersion read(Properties settings, String name, Optional<String> successor) {
    String prefix = "hub.api." + name + '.';
    Optional<Instant> deprecation = moment(settings, prefix + "deprecation");
    Optional<Instant> sunset = moment(settings, prefix + "sunset");
    if (sunset.isPresent()
        && deprecation.filter(since -> since.isAfter(sunset.get())).isPresent()) {
      throw new IllegalArgumentException(
          prefix + "sunset: expected a time that is not before " + prefix + "deprecation");
    }
    boolean enforced = flag(settings, prefix + "enforce");
    if (enforced && sunset.isEmpty()) {
      throw new IllegalArgumentException(
          prefix + "enforce: there is nothing to enforce: set " + prefix + "sunset too");
    }
    return new ApiVersion(
        name, deprecation, sunset, link(settings, prefix + "link"), enforced, successor);
  }

  private static Optional<String> text(Properties settings, String name) {
    return Optional.of(settings.getProperty(name, "").trim()).filter(text -> !text.isEmpty());
  }

  private static Optional<Instant> moment(Properties settings, String name) {
    return text(settings, name)
        .map(
            text -> {
              try {
                return text.length() == "2027-01-31".length()
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
              } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                    name
                        + ": '"
                        + text
                        + "': expected a day or a time such as 2027-01-31 or 2027-01-31T08:00:00Z",
                    e);
              }
            });
  }

  private static Optional<URI> link(Properties settings, String name) {
    return text(settings, name)
        .map(
            text -> {
              try {
                URI link = URI.create(text);
                if (List.of("https", "http").contains(String.valueOf(link.getScheme()))) {
                  return link;
                }
              } catch (IllegalArgumentException e) {
                // Told below like another kind of address.
              }
              throw new IllegalArgumentException(
                  name + ": expected an address such as https://docs.example.com/moving-to-v2");
            });
  }

  private static boolean flag(Properties settings, String name) {
    String text = text(settings, name).orElse("false");
    if (!List.of("true", "false").contains(text)) {
      throw new IllegalArgumentException(name + ": '" + text + "': expected true or false");
    }
    return Boolean.parseBoolean(text);
  }

  List<ApiVersion> all() {
    return all;
  }

  /**
   * The table as UTF-8 JSON: {@code {"versions": [{"name", "status", …}]}}, without what is not
   * set.
   */
  public byte[] json(Instant now) {
    ObjectNode document = Json.mapper().createObjectNode();
    for (ApiVersion version : all) {
      ObjectNode row = document.withArrayProperty("versions").addObject();
      row.put("name", version.name());
      row.put("status", version.status(now));
      version.deprecation().ifPresent(since -> row.put("deprecation", since.toString()));
      version
          .sunset()
          .ifPresent(end -> row.put("sunset", end.toString()).put("enforced", version.enforced()));
      version.link().ifPresent(link -> row.put("link", link.toString()));
      version.successor().ifPresent(successor -> row.put("successor", successor));
      row.put("description", "/openapi.json");
    }
    return Json.write(document);
  }
}
