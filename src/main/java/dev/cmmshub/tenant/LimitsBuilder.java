package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.util.Optional;

/** Builds limits; what is not said holds as it does one level above. */
final class LimitsBuilder {
  private LimitsBuilder() {}

  /**
   * Of a field that fits the schema.
   *
   * @param otherwise what holds for fields that are not given
   */
  static Limits build(Field limits, Limits otherwise) {
    Optional<Integer> rate = number(limits.at("requestsPerSecond"));
    return new Limits(
        bytes(limits.at("maxBody"), Long.MAX_VALUE).orElse(otherwise.maxBody()),
        rate.orElse(otherwise.requestsPerSecond()),
        // A burst that was meant for another rate would undo a lower one.
        number(limits.at("burst")).orElse(rate.map(r -> 2 * r).orElse(otherwise.burst())),
        bytes(limits.at("bytesPerSecond"), Limits.MOST_BYTES_PER_SECOND)
            .orElse(otherwise.bytesPerSecond()),
        number(limits.at("inFlight")).orElse(otherwise.inFlight()),
        number(limits.at("backlog")).orElse(otherwise.backlog()));
  }

  private static Optional<Integer> number(Field field) {
    return field.text().map(Integer::valueOf);
  }

  private static Optional<Long> bytes(Field field, long most) {
    Optional<Long> bytes = field.text().map(Units::bytes);
    if (bytes.orElse(0L) > most) {
      field.wrong("'" + field.text().orElse("") + "': expected 900MB or less");
      return Optional.empty();
    }
    return bytes;
  }
}
