package dev.cmmshub.trace;

import io.opentelemetry.api.common.AttributeKey;

/**
 * Attributes of spans. Those of OpenTelemetry's semantic conventions bear its names, the others
 * begin with {@code hub.}. None of them holds a body, a key or a secret.
 */
public final class Names {
  public static final AttributeKey<String> TENANT = AttributeKey.stringKey("hub.tenant");
  public static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("hub.system");
  public static final AttributeKey<String> ENTITY = AttributeKey.stringKey("hub.entity");
  public static final AttributeKey<String> EVENT = AttributeKey.stringKey("hub.event.id");
  public static final AttributeKey<String> SHARD = AttributeKey.stringKey("hub.shard");
  public static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("hub.outcome");
  public static final AttributeKey<String> STAGE = AttributeKey.stringKey("hub.stage");
  public static final AttributeKey<String> VERDICT = AttributeKey.stringKey("hub.verdict");
  public static final AttributeKey<String> SUBSCRIPTION =
      AttributeKey.stringKey("hub.subscription");
  public static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("hub.attempt");
  public static final AttributeKey<Long> OBSERVERS = AttributeKey.longKey("hub.observers");
  public static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  public static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  public static final AttributeKey<String> TOPIC =
      AttributeKey.stringKey("messaging.destination.name");

  private Names() {}
}
