package dev.cmmshub.cli.samples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a system sends, is to be sent or answers: {@code <entity>.<direction>.<case>.<json|xml>}, or
 * {@code page.<case>.json}.
 *
 * @param subject the entity; {@code page} for a page of a source
 * @param kind {@code from-erp}, {@code to-erp}, {@code lookup} or {@code found}; none for a page
 * @param name of the case
 * @param type how the file's name ends
 */
record Sample(Path file, String subject, Optional<String> kind, String name, String type) {
  private static final Pattern NAME =
      Pattern.compile("([a-z]+)\\.(?:(from-erp|to-erp|lookup|found)\\.)?([a-z0-9-]+)\\.(json|xml)");

  /** Those of a folder, by name; none when there is no such folder. */
  static List<Sample> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(Sample::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws IllegalArgumentException when the file is not named like a sample
   */
  private static Sample of(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException(
          file
              + ": expected a name such as workorder.from-erp.released.json: <entity>, from-erp,"
              + " to-erp, lookup or found, <case>, json or xml");
    }
    return new Sample(
        file, name.group(1), Optional.ofNullable(name.group(2)), name.group(3), name.group(4));
  }

  /** The mapping that it is run through, without its ending. */
  String mapping() {
    return kind.map(kind -> subject + '.' + kind).orElse(subject);
  }

  /** The file beside the samples that says what comes of it. */
  String expected() {
    return mapping() + '.' + name + ".json";
  }

  boolean isFromErp() {
    return kind.filter("from-erp"::equals).isPresent();
  }

  String contentType() {
    return type.equals("xml") ? "text/xml" : "application/json";
  }
}
