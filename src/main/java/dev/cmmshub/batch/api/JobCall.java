package dev.cmmshub.batch.api;

import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.bulk.BulkJob;
import dev.cmmshub.store.bulk.BulkJobs;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.Credential;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants.Identity;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** A request about bulk loads, whose sender is known by now. */
record JobCall(Exchange exchange) {
  private static final int LONGEST_NAME = 200;

  Tenant tenant() {
    return identity().tenant();
  }

  private Identity identity() {
    return exchange.getVariable("identity", Identity.class);
  }

  /** Such as {@code key:acme-2026}. */
  String sender() {
    Credential credential = identity().credential();
    return (credential instanceof ApiKey ? "key:" : "token:") + credential.id();
  }

  /** Null when it was not told. No shard could keep the character 0. */
  String variable(String name) {
    String value = exchange.getVariable(name, String.class);
    if (value != null && value.indexOf('\0') >= 0) {
      throw new ProblemException(400, "malformed", name + ": expected no character U+0000");
    }
    return value;
  }

  /** What names the job: the caller, or chance. */
  UUID jobOf(String system) {
    String key = variable("idempotencyKey");
    if (key == null) {
      return EventIds.random();
    }
    if (key.isBlank() || key.length() > LONGEST_NAME) {
      throw new ProblemException(
          400, "idempotency-key", "Idempotency-Key: expected 1 to " + LONGEST_NAME + " characters");
    }
    return EventIds.ofBulkJob(tenant().id(), system, key);
  }

  /** The id of the job that a key names. */
  UUID named() {
    String system = variable("system");
    if (system == null) {
      throw new ProblemException(400, "system", "system: expected whose job the key names");
    }
    return EventIds.ofBulkJob(tenant().id(), system, variable("key"));
  }

  BulkJob job(BulkJobs jobs) throws SQLException {
    UUID id;
    try {
      id = UUID.fromString(variable("id"));
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
    return jobs.find(tenant(), id).orElseThrow(JobCall::unknown);
  }

  private static ProblemException unknown() {
    return new ProblemException(404, "unknown-job", "no job of yours has this id; ids are UUIDs");
  }

  /** A time in RFC 3339, or null. */
  static Instant moment(String name, String text) {
    try {
      Instant moment = text == null ? null : OffsetDateTime.parse(text).toInstant();
      if (moment != null && (moment.isBefore(Instant.EPOCH) || moment.isAfter(LAST))) {
        throw new DateTimeException("out of range");
      }
      return moment;
    } catch (DateTimeException e) {
      throw new ProblemException(
          400, "time", name + ": expected a time such as 2026-01-31T00:00:00Z");
    }
  }

  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  void answer(int status, byte[] body) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(body);
  }

  /** The address of a job in the version that was called. */
  void locate(UUID job) {
    exchange.getMessage().setHeader("Location", '/' + variable("version") + "/jobs/" + job);
  }
}
