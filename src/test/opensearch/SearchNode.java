import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One node of OpenSearch on loopback until its standard input ends. Run from source, with the class
 * path that Maven wrote to target/search-engine.classpath: FOLDER. It takes free ports and logs them.
 */
public final class SearchNode {
  public static void main(String[] arguments) {
    int status = 1;
    try {
      OpenSearchRunner runner = new OpenSearchRunner();
      runner.onBuild(
          (number, settings) -> {
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", "0");
            settings.put("transport.port", "0");
            settings.put("discovery.type", "single-node");
            settings.put("node.roles", "cluster_manager,data,ingest");
          });
      runner.build(
          OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(1).printOnFailure());
      while (System.in.read() >= 0) {
        // Whoever started it is still there.
      }
      status = 0;
    } catch (Exception e) {
      e.printStackTrace();
    }
    // Its threads would go on.
    Runtime.getRuntime().halt(status);
  }
}
