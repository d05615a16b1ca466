package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Mistake;
import dev.cmmshub.yaml.MistakesException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Where versions of {@code tenants.yaml} are looked at before they are in use, and put in its
 * place. What is in use is up to {@link TenantsWatch}, whoever changed the file.
 */
public final class TenantsDesk {
  private final Path file;
  private final TenantsReader reader;
  private final TenantsFile dry;
  private final VersionsKept kept;

  /**
   * @param builder issues keys for what is in use, and none for what is looked at
   */
  public TenantsDesk(Path file, TenantsBuilder builder, VersionsKept kept) {
    this.file = file;
    this.dry = new TenantsFile(builder.dry());
    this.reader = new TenantsReader(new TenantsFile(builder), dry);
    this.kept = kept;
  }

  /**
   * Reads the file to use it, and keeps the version.
   *
   * @throws MistakesException telling everything that is wrong
   */
  public Tenants read(Path path) {
    byte[] content;
    try {
      content = Files.readAllBytes(path);
    } catch (IOException e) {
      throw new MistakesException(
          List.of(
              new Mistake(
                  path,
                  "cannot be read ("
                      + e.getMessage()
                      + "); name the file with --tenants or hub.tenants.file")),
          e);
    }
    Tenants tenants = reader.read(path, content);
    kept.keep(tenants.version(), content);
    return tenants;
  }

  /**
   * What a version would be.
   *
   * @param name what to call the file when something is wrong in it
   * @throws MistakesException telling everything that is wrong
   */
  public Tenants candidate(Path name, byte[] content) {
    return dry.read(name, content);
  }

  /** The version that was in use before this one, if it is still kept. */
  public Optional<byte[]> before(String version) {
    return kept.before(version);
  }

  /**
   * Puts a version in the file's place, whole; its permissions stay.
   *
   * @throws UncheckedIOException when that cannot be done; then nothing has changed
   */
  public void write(byte[] content) {
    try {
      // A link stays one: what it leads to is replaced.
      Path target = file.toRealPath();
      Path next = target.resolveSibling(target.getFileName() + ".next");
      Files.deleteIfExists(next);
      Files.createFile(next);
      Files.setPosixFilePermissions(
          next, Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS));
      Files.write(next, content, StandardOpenOption.SYNC);
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " cannot be replaced; the hub needs the right to write in its folder", e);
    }
  }
}
