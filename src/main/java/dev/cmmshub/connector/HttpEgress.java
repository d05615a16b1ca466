package dev.cmmshub.connector;

import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.EgressTarget;
import java.io.IOException;
import java.net.InetAddress;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Has camel-http connect only to addresses that {@link Egress} lets through, and to those very
 * ones. Each request is checked, one on a kept connection too: connections are kept by address. A
 * call that does not say for whom it is, because its Kamelet does not, may reach what all may
 * reach.
 *
 * <p>Behind a proxy, which is the operator's own setting, what may be reached is the proxy's
 * affair.
 */
public final class HttpEgress {
  private static final String BEAN = "egress/";

  private final CamelContext context;
  private final Egress egress;

  /** One for a context, before any endpoint of camel-http is made. */
  public HttpEgress(CamelContext context, Egress egress) {
    this.context = context;
    this.egress = egress;
    for (String scheme : new String[] {"http", "https"}) {
      context
          .getComponent(scheme, HttpComponent.class)
          .setHttpClientConfigurer(configurer(EgressTarget.UNKNOWN));
    }
  }

  /** What a target's calls have as {@code httpClientConfigurer}. */
  String reference(EgressTarget target) {
    context.getRegistry().bind(BEAN + target, HttpClientConfigurer.class, configurer(target));
    return "#bean:" + BEAN + target;
  }

  private HttpClientConfigurer configurer(EgressTarget target) {
    return builder -> check(builder, target);
  }

  /** Redirects and repetitions pass there too, each with a route of its own. */
  private void check(HttpClientBuilder builder, EgressTarget target) {
    builder.addExecInterceptorBefore(
        ChainElement.CONNECT.name(),
        "egress",
        (request, scope, chain) -> proceed(target, request, scope, chain));
  }

  private ClassicHttpResponse proceed(
      EgressTarget target, ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    HttpRoute route = scope.route;
    if (route.getProxyHost() != null) {
      return chain.proceed(request, scope);
    }
    HttpHost host = route.getTargetHost();
    InetAddress address = egress.require(target, host.getHostName());
    HttpHost checked =
        new HttpHost(host.getSchemeName(), address, host.getHostName(), host.getPort());
    return chain.proceed(
        request,
        new ExecChain.Scope(
            scope.exchangeId,
            new HttpRoute(checked, route.getLocalAddress(), route.isSecure()),
            scope.originalRequest,
            scope.execRuntime,
            scope.clientContext));
  }
}
