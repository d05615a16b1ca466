package dev.cmmshub.observe.access;

import dev.cmmshub.yaml.Field;
import dev.cmmshub.yaml.MistakesException;
import dev.cmmshub.yaml.YamlFile;
import dev.cmmshub.yaml.YamlSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code admins.yaml} strictly: every mistake is told with its line and what is allowed. */
public final class AdminsFile {
  private static final YamlSchema SCHEMA = new YamlSchema("/schema/admins.schema.json");

  /**
   * Reads the whole file or nothing.
   *
   * @throws MistakesException telling everything that is wrong, each with line and column
   */
  public Admins read(Path file) {
    YamlFile yaml = YamlFile.read(file, "name the file with hub.admin.file");
    SCHEMA.check(yaml);
    List<Admin> admins = admins(yaml.root().at("admins"));
    yaml.requireSound();
    return new Admins(admins);
  }

  private static List<Admin> admins(Field list) {
    List<Admin> admins = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (Field field : list.items()) {
      field
          .at("id")
          .text()
          .filter(id -> !ids.add(id))
          .ifPresent(id -> field.at("id").wrong("'" + id + "' is there already; name each once"));
      field
          .at("sha256")
          .text()
          .filter(hash -> !hashes.add(hash))
          .ifPresent(hash -> field.at("sha256").wrong("is the key of another; make one for each"));
      if (field.isSound()) {
        admins.add(
            new Admin(
                field.at("id").text().orElseThrow(),
                field.at("sha256").text().orElseThrow(),
                Role.of(field.at("role").text().orElseThrow())));
      }
    }
    return admins;
  }
}
