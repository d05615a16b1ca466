package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Builds what the Kamelets of one system are called with. */
final class ParametersBuilder {
  /** The address of a system: what requests name is appended to it. */
  private static final String BASE_URL = "baseUrl";

  /** A query would be options of the HTTP client, and another scheme another Camel component. */
  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");

  private final String connector;
  private final SystemKind kind;
  private final SecretResolver secrets;

  ParametersBuilder(String connector, SystemKind kind, SecretResolver secrets) {
    this.connector = connector;
    this.kind = kind;
    this.secrets = secrets;
  }

  Map<String, Secret> build(Field parameters) {
    Map<String, Secret> built = new TreeMap<>();
    parameters
        .fields()
        .forEach(
            (name, field) -> {
              requireKnown(name, field);
              requireReference(name, field);
              field
                  .text()
                  .flatMap(text -> field.read(() -> value(name, text)))
                  .ifPresent(value -> built.put(name, value));
            });
    return built;
  }

  private Secret value(String name, String text) {
    Secret value = oneLine(secrets.resolve(text));
    boolean unknown = SecretReferences.isReference(text) && value.value().isEmpty();
    if (name.equals(BASE_URL) && !unknown && !ADDRESS.matcher(value.value()).matches()) {
      throw new IllegalArgumentException(
          "expected https:// or http://, a host and perhaps a path, without user and query, such as"
              + " https://erp.acme.example");
    }
    return value;
  }

  /** Most parameters end up in a header or an address, where a line break would begin another. */
  private static Secret oneLine(Secret value) {
    if (value.value().chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("expected one line: it holds a line break");
    }
    return value;
  }

  /** A name that is written wrongly would only be missed at the first event. */
  private void requireKnown(String name, Field field) {
    Set<String> known = kind.parameters().orElse(Set.of(name));
    if (!known.contains(name)) {
      field.wrong(
          "connector "
              + connector
              + " takes no '"
              + name
              + "', "
              + Nearest.didYouMean(name, known)
              + "expected some of "
              + String.join(", ", new TreeSet<>(known)));
    }
  }

  private void requireReference(String name, Field field) {
    if (kind.secrets().contains(name)
        && field.text().filter(text -> !SecretReferences.isReference(text)).isPresent()) {
      field.wrong("expected a reference {{env:NAME}} or {{file:/path}}, never the secret itself");
    }
  }
}
