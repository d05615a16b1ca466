package dev.cmmshub.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Properties;
import java.util.Set;

/**
 * The folder of one embedded hub: locked while in use, with the ports and passwords that stay the
 * same from start to start (in {@code servers.properties}, readable by its owner only).
 */
final class DataDirectory implements AutoCloseable {
  private static final int PASSWORD_BYTES = 24;

  private final Path folder;
  private final FileChannel lockFile;
  private final Properties kept = new Properties();
  private final Set<Integer> given = new HashSet<>();
  private final SecureRandom random = new SecureRandom();

  private DataDirectory(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /**
   * Locks the folder, made when missing.
   *
   * @throws IllegalStateException when another hub uses it
   */
  static DataDirectory lock(Path wanted) {
    try {
      // One name for one folder, whatever links lead to it: processes are known by it.
      Path folder = Files.createDirectories(wanted).toRealPath();
      FileChannel channel =
          FileChannel.open(
              folder.resolve("hub.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!tryLock(channel)) {
          throw taken(folder);
        }
        Files.writeString(folder.resolve("hub.pid"), ProcessHandle.current().pid() + "\n");
        DataDirectory directory = new DataDirectory(folder, channel);
        directory.load();
        return directory;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          wanted + " cannot be used for data: make it writable, or choose another folder", e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static IllegalStateException taken(Path folder) throws IOException {
    String owner;
    try {
      owner = "process " + Files.readString(folder.resolve("hub.pid")).trim();
    } catch (NoSuchFileException e) {
      owner = "just starting";
    }
    return new IllegalStateException(
        "another hub ("
            + owner
            + ") uses "
            + folder
            + ": stop it, or choose another folder with --data");
  }

  private Path keptFile() {
    return folder.resolve("servers.properties");
  }

  private void load() throws IOException {
    if (Files.exists(keptFile())) {
      try (var stream = Files.newInputStream(keptFile())) {
        kept.load(stream);
      }
    }
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  /** The port this server had last time when it is free, else a free one; never one twice. */
  synchronized int port(String server) {
    int port = known(server + ".port");
    if (port == 0 || given.contains(port) || !LoopbackPorts.isFree(port)) {
      do {
        port = LoopbackPorts.free();
      } while (given.contains(port));
    }
    return give(server, port);
  }

  /**
   * This port, or like {@link #port(String)} when it is 0.
   *
   * @throws IllegalStateException when something else listens there
   */
  synchronized int port(String server, int wanted) {
    if (wanted == 0) {
      return port(server);
    }
    if (!LoopbackPorts.isFree(wanted)) {
      throw new IllegalStateException(
          "port " + wanted + " is taken: stop what listens there, or choose another (0: any)");
    }
    return give(server, wanted);
  }

  private int give(String server, int port) {
    given.add(port);
    keep(server + ".port", Integer.toString(port));
    return port;
  }

  private int known(String name) {
    String text = kept.getProperty(name, "0").trim();
    try {
      return LoopbackPorts.checked(Integer.parseInt(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          keptFile() + ": " + name + ": expected a port, not " + text + "; delete the line", e);
    }
  }

  /** Whether this server was given its password at an earlier start. */
  synchronized boolean knowsPassword(String server) {
    return kept.containsKey(server + ".password");
  }

  /** A random password, made on first use. */
  synchronized String password(String server) {
    String known = kept.getProperty(server + ".password");
    if (known == null) {
      byte[] bytes = new byte[PASSWORD_BYTES];
      random.nextBytes(bytes);
      known = HexFormat.of().formatHex(bytes);
      keep(server + ".password", known);
    }
    return known;
  }

  private void keep(String name, String value) {
    if (value.equals(kept.setProperty(name, value))) {
      return;
    }
    try {
      StringWriter text = new StringWriter();
      kept.store(text, null);
      PrivateFiles.write(keptFile(), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(keptFile() + " cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
