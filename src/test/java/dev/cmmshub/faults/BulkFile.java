package dev.cmmshub.faults;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** A file of parts in which it is known which rows cannot be taken. */
record BulkFile(Path path, int rows, Set<Long> wrong) {
  private static final int MALFORMED_EACH = 997;
  private static final int UNKNOWN_UNIT_EACH = 1009;
  private static final String PART =
      "{\"Product\":\"B%d\",\"ProductType\":\"ERSA\",\"BaseUnit\":\"%s\",\"LastChangeDateTime\":\"/Date(1764547200000+0000)/\"}";

  static BulkFile write(Path path, int rows) throws IOException {
    Set<Long> wrong = new TreeSet<>();
    try (BufferedWriter file = Files.newBufferedWriter(path)) {
      for (int row = 1; row <= rows; row++) {
        String line = PART.formatted(row, row % UNKNOWN_UNIT_EACH == 0 ? "nonsense" : "EA");
        boolean isMalformed = row % MALFORMED_EACH == 0;
        file.write(isMalformed ? line.substring(0, line.length() - 2) : line);
        file.write('\n');
        if (isMalformed || row % UNKNOWN_UNIT_EACH == 0) {
          wrong.add((long) row);
        }
      }
    }
    return new BulkFile(path, rows, wrong);
  }

  int right() {
    return rows - wrong.size();
  }
}
