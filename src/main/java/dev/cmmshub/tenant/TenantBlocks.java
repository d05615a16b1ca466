package dev.cmmshub.tenant;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of each tenant of a {@code tenants.yaml}, told apart by indentation alone.
 *
 * @param head everything above the first tenant
 * @param byTenant in the order of the file; comments and empty lines belong to who stands above
 */
record TenantBlocks(String head, Map<String, String> byTenant) {
  private static final Pattern TENANTS = Pattern.compile("tenants:( +#.*| *)");
  private static final Pattern TENANT = Pattern.compile(" +([a-z0-9][a-z0-9-]{0,39}):( .*)?");

  /**
   * Empty where one tenant's lines could depend on what stands elsewhere (anchors, more documents),
   * or the file looks otherwise than people write it: reading the whole of it tells what it says.
   */
  static Optional<TenantBlocks> of(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    return text.chars().anyMatch(TenantBlocks::isUnusual)
        ? Optional.empty()
        : new Splitter(text).split();
  }

  /** What ends a line for YAML, or is none of its characters, besides the usual. */
  private static boolean isUnusual(int c) {
    return c < ' ' && c != '\n' || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
  }

  /** Goes through the lines once. */
  private static final class Splitter {
    private final String text;
    private final Map<String, String> blocks = new LinkedHashMap<>();
    private boolean isAmongTenants;
    private int indentation;
    private String head = "";
    private String tenant = "";
    private int begin;

    Splitter(String text) {
      this.text = text;
    }

    Optional<TenantBlocks> split() {
      int next;
      for (int line = 0; line < text.length(); line = next) {
        int end = text.indexOf('\n', line);
        next = end < 0 ? text.length() : end + 1;
        if (!take(line, end < 0 ? next : end)) {
          return Optional.empty();
        }
      }
      return !tenant.isEmpty() && endBlock(text.length())
          ? Optional.of(new TenantBlocks(head, blocks))
          : Optional.empty();
    }

    /** Whether the line is as people write it. */
    private boolean take(int line, int end) {
      int first = line;
      while (first < end && text.charAt(first) == ' ') {
        first++;
      }
      if (first == end || text.charAt(first) == '#') {
        return true;
      }
      if (isShared(line, end)) {
        return false;
      }
      if (!isAmongTenants) {
        isAmongTenants = TENANTS.matcher(text).region(line, end).matches();
        return true;
      }
      int column = first - line;
      if (tenant.isEmpty()) {
        indentation = column;
      }
      return column > indentation || column == indentation && beginBlock(line, end);
    }

    private boolean beginBlock(int line, int end) {
      Matcher name = TENANT.matcher(text).region(line, end);
      if (!name.matches()) {
        return false;
      }
      boolean isNew = true;
      if (tenant.isEmpty()) {
        head = text.substring(0, line);
      } else {
        isNew = endBlock(line);
      }
      tenant = name.group(1);
      begin = line;
      return isNew;
    }

    private boolean endBlock(int end) {
      return blocks.put(tenant, text.substring(begin, end)) == null;
    }

    /** An anchor, an alias, a directive or the border of a document. */
    private boolean isShared(int line, int end) {
      if (text.charAt(line) == '%'
          || text.startsWith("---", line)
          || text.startsWith("...", line)) {
        return true;
      }
      for (int i = line; i < end - 1; i++) {
        char c = text.charAt(i);
        if ((c == '&' || c == '*')
            && text.charAt(i + 1) != ' '
            && (i == line || " [{,:-?".indexOf(text.charAt(i - 1)) >= 0)) {
          return true;
        }
      }
      return false;
    }
  }
}
