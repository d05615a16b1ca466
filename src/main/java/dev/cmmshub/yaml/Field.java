package dev.cmmshub.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value of a YAML file, given or not. What is already known to be wrong reads as not given, so
 * that a reader can go on and find the other mistakes.
 */
public final class Field {
  private final YamlFile file;
  private final JsonPointer pointer;
  private final String name;
  private final JsonNode value;

  Field(YamlFile file, JsonPointer pointer, String name, JsonNode value) {
    this.file = file;
    this.pointer = pointer;
    this.name = name;
    this.value = value;
  }

  /** The value of that name, if this one has values by name. */
  public Field at(String child) {
    return new Field(
        file,
        pointer.appendProperty(child),
        name.isEmpty() ? child : name + "." + child,
        value.path(child));
  }

  /** In the order of the file; none if this is no list. */
  public List<Field> items() {
    List<Field> items = new ArrayList<>();
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        items.add(new Field(file, pointer.appendIndex(i), name + "[" + i + "]", value.path(i)));
      }
    }
    return items;
  }

  /** By name, in the order of the file; none if this has no values by name. */
  public Map<String, Field> fields() {
    Map<String, Field> fields = new LinkedHashMap<>();
    value.fieldNames().forEachRemaining(child -> fields.put(child, at(child)));
    return fields;
  }

  /** Whether something stands there, right or wrong. */
  public boolean isGiven() {
    return !value.isMissingNode() && !value.isNull();
  }

  /** Whether nothing wrong is known of it and of what it holds. */
  public boolean isSound() {
    return file.isSound(pointer);
  }

  /** The text, the number or {@code true} and {@code false} as text. */
  public Optional<String> text() {
    return isGiven() && value.isValueNode() && isSound()
        ? Optional.of(value.asText())
        : Optional.empty();
  }

  public boolean flag(boolean otherwise) {
    return text().map(Boolean::valueOf).orElse(otherwise);
  }

  /** The texts of a list. */
  public List<String> texts() {
    return items().stream().flatMap(item -> item.text().stream()).toList();
  }

  /** Notes what is wrong; it must not hold a secret. */
  public void wrong(String what) {
    file.wrong(pointer, name, false, what);
  }

  /** Notes what is wrong with its name. */
  void wrongName(String what) {
    file.wrong(pointer, name, true, what);
  }

  /** What is made of it; if that is refused, the reason is noted as this value's mistake. */
  public <T> Optional<T> read(Supplier<T> reader) {
    try {
      return Optional.of(reader.get());
    } catch (IllegalArgumentException e) {
      wrong(e.getMessage());
      return Optional.empty();
    }
  }

  JsonNode value() {
    return value;
  }
}
