package dev.cmmshub.tenant;

import dev.cmmshub.yaml.MistakesException;
import dev.cmmshub.yaml.YamlFile;
import dev.cmmshub.yaml.YamlSchema;
import java.nio.file.Path;

/** Reads {@code tenants.yaml} strictly: every mistake is told with its line and what is allowed. */
public final class TenantsFile {
  private static final YamlSchema SCHEMA = new YamlSchema("/schema/tenants.schema.json");

  private final TenantsBuilder builder;

  public TenantsFile(TenantsBuilder builder) {
    this.builder = builder;
  }

  /**
   * Reads the whole file or nothing.
   *
   * @throws MistakesException telling everything that is wrong, each with line and column
   */
  public Tenants read(Path file) {
    return read(YamlFile.read(file, "name the file with --tenants or hub.tenants.file"));
  }

  /**
   * The same for what is not in a file yet.
   *
   * @param name what to call it when something is wrong in it
   */
  public Tenants read(Path name, byte[] content) {
    return read(YamlFile.of(name, content));
  }

  private Tenants read(YamlFile yaml) {
    SCHEMA.check(yaml);
    builder.check(yaml.root());
    yaml.requireSound();
    return builder.build(yaml.root(), yaml.fingerprint());
  }
}
