package dev.cmmshub.notifier;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/** Tells calls that never got as far as their request from those that broke off after it. */
final class NothingSent {
  private static final List<Class<? extends IOException>> BEFORE_THE_REQUEST =
      List.of(
          ConnectException.class,
          ConnectTimeoutException.class,
          ConnectionRequestTimeoutException.class,
          NoRouteToHostException.class,
          PortUnreachableException.class,
          UnknownHostException.class,
          SSLHandshakeException.class,
          SSLPeerUnverifiedException.class);

  private NothingSent() {}

  /** Whether this says that no connection came about. */
  static boolean by(Throwable error) {
    return BEFORE_THE_REQUEST.stream().anyMatch(type -> type.isInstance(error));
  }
}
