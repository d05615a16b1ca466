package dev.cmmshub.cli;

import dev.cmmshub.message.LogFields;
import org.slf4j.LoggerFactory;

/** A process that logs one line as the hub's commands do. */
final class LoggedLine {
  private LoggedLine() {}

  public static void main(String[] arguments) {
    LogForm.choose(System.getenv(), "node-7");
    LogFields.action(
            LogFields.system(LoggerFactory.getLogger(LoggedLine.class).atWarn(), "acme", "sap"),
            "rejected",
            false)
        .addKeyValue("event.id", "e-1")
        .log("first\n2026-01-01 forged");
  }
}
