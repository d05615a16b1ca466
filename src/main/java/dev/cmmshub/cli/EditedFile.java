package dev.cmmshub.cli;

import dev.cmmshub.message.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** A payload in an editor, in a folder that only its owner can read. */
final class EditedFile {
  private final Path file;
  private final byte[] before;

  private EditedFile(Path file, byte[] before) {
    this.file = file;
    this.before = before;
  }

  /** The editor somebody chose, as a command of the shell. */
  static String editor(Map<String, String> environment) {
    String visual = environment.getOrDefault("VISUAL", "");
    String editor = visual.isBlank() ? environment.getOrDefault("EDITOR", "") : visual;
    return editor.isBlank() ? "vi" : editor;
  }

  /**
   * Opens the payload, laid out for people, and returns when the editor has ended.
   *
   * @throws IOException when the editor fails; nothing is edited then
   */
  static EditedFile of(String contentType, byte[] payload, String editor)
      throws IOException, InterruptedException {
    String suffix =
        Payloads.isJson(contentType) ? ".json" : Payloads.isXml(contentType) ? ".xml" : ".txt";
    byte[] shown =
        Pretty.payload(contentType, new String(payload, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    Path file = Files.createTempDirectory("hub-edit").resolve("payload" + suffix);
    Files.write(file, shown);
    EditedFile edited = new EditedFile(file, shown);
    int status =
        new ProcessBuilder("sh", "-c", editor + " \"$1\"", "sh", file.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      edited.delete();
      throw new IOException(
          "the editor '" + editor + "' ended with status " + status + "; nothing was edited");
    }
    return edited;
  }

  boolean isChanged() throws IOException {
    return !Arrays.equals(before, bytes());
  }

  byte[] bytes() throws IOException {
    return Files.readAllBytes(file);
  }

  Path path() {
    return file;
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
    Path folder = file.getParent();
    if (folder != null) {
      Files.deleteIfExists(folder);
    }
  }
}
