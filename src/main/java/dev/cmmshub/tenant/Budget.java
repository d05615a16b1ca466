package dev.cmmshub.tenant;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all tenants together may ask of one ERP or receiver.
 *
 * @param inFlight calls at once, of all nodes
 * @param requestsPerSecond calls a second, of all nodes
 * @param quiet when it is not called at all
 */
public record Budget(OptionalInt inFlight, OptionalInt requestsPerSecond, List<QuietHours> quiet) {
  public Budget {
    quiet = List.copyOf(quiet);
  }

  /** For people. */
  @Override
  public String toString() {
    Stream<String> numbers =
        Stream.of(
            inFlight.isPresent() ? "at most " + inFlight.getAsInt() + " calls at once" : "",
            requestsPerSecond.isPresent() ? requestsPerSecond.getAsInt() + " calls a second" : "");
    return Stream.concat(numbers, quiet.stream().map(hours -> "quiet " + hours))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }
}
