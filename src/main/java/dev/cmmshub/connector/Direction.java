package dev.cmmshub.connector;

/** Which way a mapping translates. */
public enum Direction {
  FROM_ERP("from-erp"),
  TO_ERP("to-erp");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  /** As it stands in file names. */
  public String text() {
    return text;
  }
}
