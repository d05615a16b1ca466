package dev.cmmshub.recovery.letter;

import dev.cmmshub.store.Shard;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Changes dead letters while nobody else can. Of two who want to change one at once the second
 * finds what the first left.
 */
final class LetterChange {
  private static final int CHUNK = 200;

  private final Letters letters;

  /** What is done with a locked letter, in the transaction that holds the lock. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection, LetterContent letter) throws SQLException;
  }

  LetterChange(Letters letters) {
    this.letters = letters;
  }

  /**
   * Does it with one letter.
   *
   * @param name its id, or as much of it as is unambiguous
   * @param seen version of the payload the operator looked at; empty when any will do
   * @throws Refusal when it is gone or was edited since, or the work refuses; nothing has changed
   *     then
   */
  <T> T one(String name, OptionalInt seen, Work<T> work) throws SQLException {
    Letter letter = letters.find(name);
    LetterId id = letter.id();
    Optional<T> done =
        letters
            .shard(letter)
            .transaction(
                List.of(id.tenant()),
                connection ->
                    LetterRow.lock(connection, id)
                        ? Optional.of(work.run(connection, content(connection, id, seen)))
                        : Optional.empty());
    if (done.isEmpty()) {
      throw letters.gone(id.toString());
    }
    return done.get();
  }

  /**
   * Does it with those that match, some hundreds in a transaction. The work must see to it that the
   * letter does not match any more.
   *
   * @return how many it was done with
   */
  int all(LetterFilter filter, int most, Work<Void> work) throws SQLException {
    int done = 0;
    for (Map.Entry<Shard, List<String>> entry : letters.owners(filter).entrySet()) {
      for (String tenant : entry.getValue()) {
        int some;
        do {
          int chunk = Math.min(CHUNK, most - done);
          some =
              chunk == 0
                  ? 0
                  : entry
                      .getKey()
                      .transaction(
                          List.of(tenant), connection -> some(connection, filter, chunk, work));
          done += some;
        } while (some > 0);
      }
    }
    return done;
  }

  private static int some(Connection connection, LetterFilter filter, int most, Work<Void> work)
      throws SQLException {
    List<LetterId> locked = LetterRows.lockSome(connection, filter, most);
    for (LetterId id : locked) {
      work.run(connection, content(connection, id));
    }
    return locked.size();
  }

  private static LetterContent content(Connection connection, LetterId id, OptionalInt seen)
      throws SQLException {
    LetterContent letter = content(connection, id);
    if (seen.orElse(letter.version()) != letter.version()) {
      throw new Refusal(
          Refusal.Kind.CONFLICT,
          "edited-meanwhile",
          id
              + " was edited meanwhile: it has version "
              + letter.version()
              + ", you looked at version "
              + seen.getAsInt()
              + "; look at it again");
    }
    return letter;
  }

  private static LetterContent content(Connection connection, LetterId id) throws SQLException {
    return LetterRow.read(connection, id)
        .orElseThrow(() -> new SQLException("a locked dead letter cannot be read: " + id));
  }
}
