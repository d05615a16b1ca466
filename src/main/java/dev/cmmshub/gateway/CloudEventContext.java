package dev.cmmshub.gateway;

import dev.cmmshub.gateway.cloudevents.CloudEvent;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.ProblemException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the attributes of a CloudEvents event tell. */
record CloudEventContext(CloudEvent event) implements EventContext {
  /** The hub's own form; any other type is the sender's affair. */
  private static final Pattern TYPE =
      Pattern.compile("dev\\.cmmshub\\.([a-z]{1,40})\\.([a-z]{1,40})\\.v1");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  @Override
  public String contentType() {
    return event.contentType();
  }

  /** Source and id are the event's identity, whatever else is said. */
  @Override
  public UUID id(EventKey key, long version) {
    return EventIds.ofCloudEvent(key.tenant(), key.source(), event.source(), event.id());
  }

  @Override
  public Optional<String> externalId(String entity) {
    String begin = entity + '/';
    return Optional.ofNullable(event.subject())
        .map(subject -> subject.startsWith(begin) ? subject.substring(begin.length()) : subject);
  }

  @Override
  public Optional<Long> version() {
    return Optional.ofNullable(event.sequence())
        .filter(sequence -> NUMBER.matcher(sequence).matches())
        .map(Long::valueOf)
        .or(() -> Optional.ofNullable(event.time()).map(Instant::toEpochMilli));
  }

  @Override
  public Optional<String> action(String entity) {
    Matcher type = TYPE.matcher(event.type());
    if (!type.matches()) {
      return Optional.empty();
    }
    if (!type.group(1).equals(entity)) {
      throw new ProblemException(
          422, "type-mismatch", "type: its data is one of " + entity + ", expected the same there");
    }
    return Optional.of(type.group(2));
  }

  @Override
  public String correlationId(String eventId) {
    return event.correlationId() == null || event.correlationId().isBlank()
        ? eventId
        : event.correlationId();
  }

  @Override
  public String causationId() {
    return event.causationId();
  }
}
