package dev.cmmshub.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What became of every accepted event.
 *
 * @param fates of each {@code tenant/event id}, in the order they were accepted
 * @param told how often a receiver took each event
 * @param open what may still settle; after the quiet time it is wrong
 * @param wrong what no time mends
 */
record Findings(
    Map<String, Fate> fates, Map<String, Integer> told, Set<String> open, Set<String> wrong) {
  private static final int SHOWN = 5;

  static Findings of(
      List<Ledger.Entry> ledger, Shelves shelves, Set<String> published, Receipts receipts) {
    Set<String> open = new TreeSet<>();
    Set<String> wrong = new TreeSet<>(receipts.foreign());
    wrong.addAll(shelves.misplaced());
    Map<String, Ledger.Entry> accepted = new LinkedHashMap<>();
    ledger.forEach(entry -> accepted.putIfAbsent(entry.event(), entry));
    Map<String, Long> newest = newest(accepted, shelves);
    Map<String, Fate> fates = new LinkedHashMap<>();
    accepted.forEach(
        (event, entry) -> {
          boolean superseded =
              !published.contains(event)
                  && entry.version() < newest.getOrDefault(entry.object(), Long.MAX_VALUE);
          Fate fate = fate(event, shelves, superseded);
          fates.put(event, fate);
          switch (fate) {
            case PARKED, LOST -> open.add(event + " is " + fate);
            case TWICE -> wrong.add(event + " is in several places, or several times in one");
            default -> {}
          }
          if (fate != Fate.STALE
              && fate != Fate.DEAD_LETTERED
              && !shelves.givenUp().contains(event)
              && !receipts.seen().containsKey(event)) {
            open.add(event + " was not told");
          }
        });
    newest.forEach(
        (object, version) -> {
          if (!version.equals(shelves.versions().get(object))) {
            open.add(object + " is " + shelves.versions().get(object) + ", accepted " + version);
          }
        });
    ghosts(accepted.keySet(), shelves, receipts)
        .forEach(id -> open.add(id + " was never accepted"));
    shelves.undelivered().forEach(id -> open.add(id + " waits for its receiver"));
    return new Findings(fates, receipts.seen(), open, wrong);
  }

  private static Map<String, Long> newest(Map<String, Ledger.Entry> accepted, Shelves shelves) {
    Map<String, Long> newest = new HashMap<>();
    accepted.forEach(
        (event, entry) -> {
          if (!shelves.dead().contains(event)) {
            newest.merge(entry.object(), entry.version(), Math::max);
          }
        });
    return newest;
  }

  private static Fate fate(String event, Shelves shelves, boolean superseded) {
    int applied = shelves.applied().getOrDefault(event, 0);
    boolean parked = shelves.waiting().contains(event);
    boolean dead = shelves.dead().contains(event);
    int places = applied + (parked ? 1 : 0) + (dead ? 1 : 0);
    if (places > 1) {
      return Fate.TWICE;
    }
    if (applied == 1) {
      return superseded ? Fate.STALE : Fate.APPLIED;
    }
    return parked ? Fate.PARKED : dead ? Fate.DEAD_LETTERED : Fate.LOST;
  }

  /** The client never gives an event up, so what it was not told of must not be there. */
  private static Set<String> ghosts(Set<String> accepted, Shelves shelves, Receipts receipts) {
    Set<String> ghosts = new HashSet<>(shelves.applied().keySet());
    ghosts.addAll(shelves.dead());
    ghosts.addAll(receipts.seen().keySet());
    ghosts.removeAll(accepted);
    return ghosts;
  }

  /** How many have this fate. */
  int count(Fate fate) {
    return (int) fates.values().stream().filter(fate::equals).count();
  }

  /** How many have each fate; none is left out. */
  Map<Fate, Integer> counts() {
    Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
    for (Fate fate : Fate.values()) {
      counts.put(fate, count(fate));
    }
    return counts;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add("%,d accepted".formatted(fates.size()));
    counts().forEach((fate, count) -> parts.add("%,d %s".formatted(count, fate)));
    List<String> named = new ArrayList<>(wrong);
    named.addAll(open);
    if (!named.isEmpty()) {
      parts.add("wrong: " + named.subList(0, Math.min(SHOWN, named.size())));
    }
    return String.join(", ", parts);
  }
}
