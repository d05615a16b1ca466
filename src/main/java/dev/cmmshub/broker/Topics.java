package dev.cmmshub.broker;

import java.util.List;

/** The topics an event passes; the prefix keeps several hubs on one cluster apart. */
public record Topics(String prefix) {
  public Topics {
    if (!prefix.matches("[a-zA-Z0-9._-]{1,80}")) {
      throw new IllegalArgumentException(
          "hub.topic.prefix '" + prefix + "': expected letters, digits, dot, underscore or hyphen");
    }
  }

  /** What systems sent, in their own format. */
  public String inbound() {
    return prefix + ".inbound";
  }

  /** Rows of bulk loads, many a record. */
  public String bulk() {
    return prefix + ".bulk";
  }

  /** What was translated, validated and stored. */
  public String canonical() {
    return prefix + ".canonical";
  }

  /** Failures that wait for a verdict. */
  public String error() {
    return prefix + ".error";
  }

  /** Events that can never work without a hand. */
  public String deadLetter() {
    return prefix + ".dead-letter";
  }

  public List<String> all() {
    return List.of(inbound(), bulk(), canonical(), error(), deadLetter());
  }
}
