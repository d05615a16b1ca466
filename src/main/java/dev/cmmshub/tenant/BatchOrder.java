package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What definitions say of those they come after. */
final class BatchOrder {
  private final Map<String, BatchDefinition> all = new TreeMap<>();
  private final Map<String, Field> places;
  private final Field whole;

  /**
   * @param places where a definition stands; those that are said elsewhere are not in it
   * @param whole the list of definitions
   */
  BatchOrder(Collection<BatchDefinition> all, Map<String, Field> places, Field whole) {
    all.forEach(one -> this.all.put(one.id(), one));
    this.places = places;
    this.whole = whole;
  }

  /** Notes what is wrong. */
  void check() {
    for (BatchDefinition one : all.values()) {
      for (String name : one.after()) {
        wrong(one, name).ifPresent(what -> place(one, name).wrong(what));
      }
    }
  }

  private Optional<String> wrong(BatchDefinition one, String name) {
    BatchDefinition before = all.get(name);
    if (before == null) {
      return Optional.of(
          BatchFields.unknown(name, all.keySet(), "expected the id of another definition"));
    }
    if (leads(name, one.id(), new ArrayDeque<>())) {
      return Optional.of("'" + name + "' comes after '" + one.id() + "' itself: a circle");
    }
    if (before.by() != one.by()) {
      return Optional.of(
          "'"
              + name
              + "' is run by "
              + before.by().text()
              + ", '"
              + one.id()
              + "' by "
              + one.by().text()
              + ": who runs one does not know of the other; let the same run both");
    }
    return one.enabled() && !before.enabled()
        ? Optional.of("'" + name + "' is switched off: '" + one.id() + "' would wait for ever")
        : Optional.empty();
  }

  private boolean leads(String from, String to, Deque<String> seen) {
    if (from.equals(to)) {
      return true;
    }
    if (seen.contains(from) || !all.containsKey(from)) {
      return false;
    }
    seen.push(from);
    return all.get(from).after().stream().anyMatch(before -> leads(before, to, seen));
  }

  /** Where it can be mended: the one that waits, else the one it waits for. */
  private Field place(BatchDefinition one, String name) {
    Field own = places.get(one.id());
    if (own != null) {
      return own.at("after").items().stream()
          .filter(item -> item.text().filter(name::equals).isPresent())
          .findFirst()
          .orElse(own);
    }
    return places.getOrDefault(name, whole);
  }
}
