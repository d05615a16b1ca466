package dev.cmmshub;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks for secrets of the tests in what hubs of this JVM write: everything they log, and each
 * answer. A class of tests fails in which one shows up.
 *
 * <p>Secrets are those that {@link TestHub} makes and every key and token that is sent through it.
 */
public final class SecretScan implements AfterAllCallback {
  /** Shorter ones may stand in a log by chance. */
  private static final int SHORTEST = 12;

  private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();
  private static final Queue<String> LOGGED = new ConcurrentLinkedQueue<>();
  private static final AbstractAppender EAR =
      new AbstractAppender("secret-scan", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          StringWriter text = new StringWriter();
          text.append(event.getLoggerName()).append(' ');
          text.append(event.getMessage().getFormattedMessage()).append(' ');
          text.append(event.getContextData().toMap().toString());
          if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(text));
          }
          LOGGED.add(text.toString());
        }
      };

  /** Hears from here on what is logged, once however often it is called. */
  static synchronized void listen() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    if (!context.getConfiguration().getRootLogger().getAppenders().containsKey(EAR.getName())) {
      EAR.start();
      context.getConfiguration().getRootLogger().addAppender(EAR, null, null);
      context.updateLoggers();
    }
  }

  /** These must not be written anywhere. */
  static void keep(Collection<String> secrets) {
    secrets.stream().filter(secret -> secret.length() >= SHORTEST).forEach(SECRETS::add);
  }

  /**
   * The key or token of a request is a secret from here on.
   *
   * @throws AssertionError when the answer tells it
   */
  static void sent(HttpRequest request, HttpResponse<String> answer) {
    List<String> own = new ArrayList<>(request.headers().allValues("X-API-Key"));
    request.headers().allValues("Authorization").stream()
        .filter(value -> value.startsWith("Bearer "))
        .forEach(value -> own.add(value.substring("Bearer ".length())));
    if (request.uri().getPath().contains("/hooks/")) {
      own.add(request.uri().getPath().replaceFirst(".*/", ""));
    }
    keep(own);
    none("the answer of " + request.method() + ' ' + request.uri().getPath(), answer.body());
    none("headers of an answer", answer.headers().map().toString());
  }

  /**
   * Looks through a text.
   *
   * @throws AssertionError when a secret is in it; it names the text, and of the secret the begin
   */
  static void none(String what, String text) {
    for (String secret : SECRETS) {
      if (text.contains(secret)) {
        throw new AssertionError(
            "a secret of this run (%s…) stands in %s: %s"
                .formatted(secret.substring(0, 4), what, text.replace(secret, "<HERE>")));
      }
    }
  }

  /** Looks through what was logged since the last time. */
  static void scanLog() {
    for (String line = LOGGED.poll(); line != null; line = LOGGED.poll()) {
      none("the log", line);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    scanLog();
  }
}
