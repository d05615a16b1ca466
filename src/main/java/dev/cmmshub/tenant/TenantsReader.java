package dev.cmmshub.tenant;

import dev.cmmshub.yaml.FileStamp;
import dev.cmmshub.yaml.YamlFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code tenants.yaml} again and again, each time only the tenants whose lines, or secrets
 * beside them, are others than before. What it gives and what it refuses is always what {@link
 * TenantsFile} would: whatever looks wrong or unusual is read by that, whole. One read at a time.
 */
final class TenantsReader {
  /** A key that the hub makes; what is kept of it may be gone meanwhile. */
  private static final Pattern ISSUED = Pattern.compile("issue(?!r)");

  /**
   * A tenant as it was read.
   *
   * @param secrets the files that its lines refer to
   */
  private record Kept(String lines, Tenant tenant, FileStamp secrets) {
    boolean is(String now) {
      return lines.equals(now)
          && !isIssued(lines)
          && !secrets.hasChanged()
          && tenant.mappings().values().stream().map(Path::of).allMatch(Files::exists);
    }
  }

  private static boolean isIssued(String lines) {
    return ISSUED.matcher(lines).find();
  }

  private record Version(String head, Map<String, Kept> tenants) {}

  private final TenantsFile file;
  private final TenantsFile dry;
  private Version last = new Version("", Map.of());

  /**
   * @param dry reads the same and issues no keys
   */
  TenantsReader(TenantsFile file, TenantsFile dry) {
    this.file = file;
    this.dry = dry;
  }

  /**
   * Reads the whole file or nothing.
   *
   * @throws dev.cmmshub.yaml.MistakesException telling everything that is wrong
   */
  Tenants read(Path name, byte[] content) {
    Optional<TenantBlocks> blocks = TenantBlocks.of(content);
    Map<String, FileStamp> secrets = new HashMap<>();
    Optional<Tenants> quick =
        blocks
            .filter(found -> found.head().equals(last.head()))
            .flatMap(found -> changed(name, content, found, secrets));
    if (quick.isPresent()) {
      return quick.get();
    }
    secrets.clear();
    blocks.ifPresent(found -> stamp(found.byTenant(), secrets));
    Tenants tenants = file.read(name, content);
    last = new Version("", Map.of());
    blocks
        .filter(found -> tenants.all().size() == found.byTenant().size())
        .ifPresent(found -> keep(found, tenants, secrets));
    return tenants;
  }

  private Optional<Tenants> changed(
      Path name, byte[] content, TenantBlocks blocks, Map<String, FileStamp> secrets) {
    Map<String, String> anew = new HashMap<>();
    List<Tenant> all = new ArrayList<>();
    StringBuilder lines = new StringBuilder(blocks.head());
    blocks
        .byTenant()
        .forEach(
            (id, block) -> {
              Kept kept = last.tenants().get(id);
              if (kept != null && kept.is(block)) {
                all.add(kept.tenant());
              } else {
                anew.put(id, block);
                lines.append(block);
              }
            });
    stamp(anew, secrets);
    byte[] part = lines.toString().getBytes(StandardCharsets.UTF_8);
    try {
      Tenants tenants = whole(dry.read(name, part), anew.keySet(), all, content);
      if (anew.values().stream().anyMatch(TenantsReader::isIssued)) {
        tenants = whole(file.read(name, part), anew.keySet(), all, content);
      }
      keep(blocks, tenants, secrets);
      return Optional.of(tenants);
    } catch (IllegalArgumentException e) {
      // Reading the whole file tells it at its right place.
      return Optional.empty();
    }
  }

  /** Two tenants with one key are refused here, wherever they stand. */
  private static Tenants whole(
      Tenants read, Set<String> expected, List<Tenant> others, byte[] content) {
    List<Tenant> all = new ArrayList<>(others);
    Set<String> ids = new HashSet<>();
    for (Tenant tenant : read.all()) {
      ids.add(tenant.id());
      all.add(tenant);
    }
    if (!ids.equals(expected)) {
      throw new IllegalArgumentException("some lines are other tenants' than they look");
    }
    return new Tenants(all, read.budgets(), YamlFile.fingerprint(content));
  }

  private void keep(TenantBlocks blocks, Tenants tenants, Map<String, FileStamp> secrets) {
    Map<String, Kept> kept = new HashMap<>();
    blocks
        .byTenant()
        .forEach(
            (id, lines) -> {
              Kept before = last.tenants().get(id);
              Tenant tenant = tenants.byId(id).orElse(null);
              if (before != null && before.tenant() == tenant) {
                kept.put(id, before);
              } else if (tenant != null && secrets.containsKey(id)) {
                kept.put(id, new Kept(lines, tenant, secrets.get(id)));
              }
            });
    last = new Version(blocks.head(), kept);
  }

  /** Before the files are read; who has some that cannot be told from the lines is left out. */
  private static void stamp(Map<String, String> blocks, Map<String, FileStamp> secrets) {
    blocks.forEach(
        (id, lines) -> secretsOf(lines).ifPresent(files -> secrets.put(id, FileStamp.of(files))));
  }

  /** Empty where YAML may say another name than its lines do. */
  private static Optional<Set<Path>> secretsOf(String lines) {
    if (lines.indexOf('{') < 0) {
      return Optional.of(Set.of());
    }
    Set<Path> files = SecretReferences.filesIn(lines);
    boolean plain =
        lines.indexOf('\\') < 0
            && files.stream().map(Path::toString).noneMatch(file -> file.matches("(?s).*['\n].*"));
    return plain ? Optional.of(files) : Optional.empty();
  }
}
