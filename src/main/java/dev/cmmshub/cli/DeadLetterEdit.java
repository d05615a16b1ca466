package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives a dead letter another payload. */
@Command(
    name = "edit",
    mixinStandardHelpOptions = true,
    description = {
      "Gives a dead letter another payload.",
      "",
      "Opens the payload in $VISUAL or $EDITOR, or takes a file. It is taken only if",
      "it is well formed and its mapping and the canonical schema accept it; both are",
      "kept.",
      "Putting it back is another command: replay."
    })
final class DeadLetterEdit implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Parameters(paramLabel = "ID", description = "Its id, or the first characters of it.")
  private String id;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Takes the payload from this file instead of opening an editor.")
  private Path file;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "The version the file was made from (default: the newest).")
  private Integer version;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String payload = DeadLetterCommand.path(id) + "/payload";
    HttpResponse<byte[]> current = admin.client().bytes(payload);
    String tag =
        version == null
            ? current.headers().firstValue("ETag").orElse("0")
            : Integer.toString(version);
    if (file != null) {
      return put(payload, tag, Files.readAllBytes(file));
    }
    EditedFile edited =
        EditedFile.of(
            current.headers().firstValue("Content-Type").orElse(""),
            current.body(),
            EditedFile.editor(System.getenv()));
    if (!edited.isChanged()) {
      edited.delete();
      spec.commandLine().getOut().println("Nothing was changed.");
      return 0;
    }
    try {
      int status = put(payload, tag, edited.bytes());
      edited.delete();
      return status;
    } catch (IOException e) {
      throw new IOException(
          e.getMessage()
              + System.lineSeparator()
              + "Your text is in "
              + edited.path()
              + "; mend it and take it with --file",
          e);
    }
  }

  private int put(String path, String tag, byte[] bytes) throws IOException, InterruptedException {
    JsonNode edited = admin.client().put(path, tag, bytes);
    if (admin.json()) {
      spec.commandLine().getOut().println(edited);
    } else {
      spec.commandLine()
          .getOut()
          .printf(
              "Edited: version %s. Put it back with ./hub dead-letter replay %s%n",
              edited.get("version").asText(), DeadLetterList.shortId(edited.get("id").asText()));
    }
    return 0;
  }
}
