package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;

/** {@code format_date}: writes an RFC 3339 time by a pattern, in UTC unless a zone is given. */
public final class FormatDate extends NamedFunction {
  public FormatDate() {
    super(
        "format_date(dt: text, pattern: text, zone?: text) -> text",
        "Writes an RFC 3339 time by a pattern, in UTC unless a zone is given.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    try {
      return text(
          Times.formatter(arguments, 1)
              .format(Times.instant(arguments, 0).atZone(Times.zone(arguments, 2))));
    } catch (DateTimeException e) {
      throw arguments.expected(1, "a pattern such as yyyy-MM-dd");
    }
  }
}
