package dev.cmmshub.gateway.contract;

import java.util.List;

/**
 * An object that the page shows once and refers to from everywhere else.
 *
 * @param description HTML
 */
record Shape(String name, String title, String description, List<Row> rows) {

  /**
   * One member of an object, a header or a parameter.
   *
   * @param name of a nested member with its way, {@code steps[].at}
   * @param where the part of a request a parameter is in, else empty
   * @param description HTML
   * @param limits what values fit beyond the type, may be empty
   */
  record Row(
      String name,
      String where,
      Type type,
      boolean required,
      String description,
      List<String> limits) {}

  /**
   * What a value may be.
   *
   * @param shape the shape it is, or is made of; else empty
   */
  record Type(String text, String shape) {}
}
