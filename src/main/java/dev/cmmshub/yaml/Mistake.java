package dev.cmmshub.yaml;

import java.nio.file.Path;

/**
 * Something wrong in a file that somebody wrote.
 *
 * @param line from 1; 0 when it is about the whole file
 * @param column from 1; 0 when it is about the whole file
 * @param field the way to it, such as {@code tenants.acme.systems.sap}; empty for the whole file
 * @param what is wrong, what was expected and what to do; never a secret
 */
public record Mistake(Path file, int line, int column, String field, String what) {
  /** About the whole file. */
  public Mistake(Path file, String what) {
    this(file, 0, 0, "", what);
  }

  /** On one line, as compilers say it, so that editors can go there. */
  @Override
  public String toString() {
    String place = line == 0 ? "" : ":" + line + ":" + column;
    return file + place + ": " + (field.isEmpty() ? "" : field + ": ") + what;
  }
}
