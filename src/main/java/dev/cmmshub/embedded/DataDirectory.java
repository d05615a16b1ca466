package dev.cmmshub.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/**
 * The folder of one embedded hub: locked while in use, with the ports and passwords that stay the
 * same from start to start (in {@code servers.properties}, readable by its owner only).
 */
final class DataDirectory implements AutoCloseable {
  private static final int PASSWORD_BYTES = 24;

  private final Path folder;
  private final FileChannel lockFile;
  private final Properties kept = new Properties();
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
  static DataDirectory lock(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("hub.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ);
      if (!tryLock(channel)) {
        String owner = Files.readString(folder.resolve("hub.pid")).trim();
        channel.close();
        throw new IllegalStateException(
            "another hub (process "
                + owner
                + ") uses "
                + folder
                + ": stop it, or choose another folder with --data");
      }
      Files.writeString(folder.resolve("hub.pid"), ProcessHandle.current().pid() + "\n");
      DataDirectory directory = new DataDirectory(folder, channel);
      directory.load();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be used for data", e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
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

  /** The port this server had last time when it is free, else a free one. */
  synchronized int port(String server) {
    String known = kept.getProperty(server + ".port");
    int port = known != null && isFree(Integer.parseInt(known)) ? Integer.parseInt(known) : free();
    keep(server + ".port", Integer.toString(port));
    return port;
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
      writePrivately(keptFile(), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(keptFile() + " cannot be written", e);
    }
  }

  /** Writes a file that only its owner can read, from its first byte on. */
  static void writePrivately(Path file, String text) throws IOException {
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
