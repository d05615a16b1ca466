package dev.cmmshub.gateway.idempotency;

/** What is known of a key when a request comes with it. */
public sealed interface Found {
  /**
   * Nothing was: this request is the one that is worked on.
   *
   * @param mark tells this claim from any other of the key
   */
  record Claimed(String name, String mark) implements Found {}

  /** The same request was answered. */
  record Answered(Answer answer) implements Found {}

  /** The same request is being worked on. */
  record InFlight() implements Found {}

  /** It came with another request. */
  record Reused() implements Found {}

  /** Redis did not tell in time. */
  record Unknown() implements Found {}
}
